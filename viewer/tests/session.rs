//! The whole program once, in a window, driven as a person does: open, select a rack, move through time, trip a pump,
//! compare, take back, save, open again.
//!
//! It needs Xvfb, xdotool and a Vulkan driver (Debian: xvfb xdotool mesa-vulkan-drivers libvulkan1 and the libraries of X
//! that the guide names); where one of them is missing the test says so loudly and passes. What the program did is read from
//! the files that it keeps; that the picture changed, from the frame buffer of the display.

use panels::place::floor;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

const SIZE: (u32, u32) = (1280, 800);
/// A software driver on a busy machine draws a frame in a second.
const PATIENCE: Duration = Duration::from_secs(150);

/// A process that does not outlive its test.
struct Held(Child);

impl Drop for Held {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn is_there(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

fn driver() -> Option<PathBuf> {
    let folders = ["/usr/share/vulkan/icd.d", "/etc/vulkan/icd.d"];
    let entries = folders.into_iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten();
    let mut found: Vec<PathBuf> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
    found.sort();
    found.into_iter().find(|path| path.to_string_lossy().contains("lvp_icd"))
}

/// A display of its own, the viewer in it, and hands.
struct Session {
    display: String,
    folder: PathBuf,
    site: PathBuf,
    viewer: Option<Held>,
    _server: Held,
}

impl Session {
    fn start(folder: &Path, site: &Path) -> Session {
        let number = 90 + std::process::id() % 400;
        let display = format!(":{number}");
        let server = Command::new("Xvfb")
            .args([&display, "-screen", "0", &format!("{}x{}x24", SIZE.0, SIZE.1), "-nolisten", "tcp"])
            .args([Path::new("-fbdir"), folder])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("Xvfb: {error}"));
        let mut session = Session {
            display,
            folder: folder.to_owned(),
            site: site.to_owned(),
            viewer: None,
            _server: Held(server),
        };
        session.wait("the display", |session| session.folder.join("Xvfb_screen0").is_file());
        session.open();
        session
    }

    fn open(&mut self) {
        let child = Command::new(env!("CARGO_BIN_EXE_isotherm-viewer"))
            .arg(&self.site)
            .env("DISPLAY", &self.display)
            .env("VK_ICD_FILENAMES", driver().unwrap_or_default())
            .env("XDG_CONFIG_HOME", &self.folder)
            .env("XDG_RUNTIME_DIR", &self.folder)
            .env("RUST_LOG", "error")
            .current_dir(&self.folder)
            .stdout(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("isotherm-viewer: {error}"));
        let began = Instant::now();
        self.viewer = Some(Held(child));
        self.wait("its window", |session| session.hand(&["search", "--name", "^isotherm$"]).is_some());
        let window = self.hand(&["search", "--name", "^isotherm$"]).unwrap_or_default();
        // Nobody manages windows here: it gets its size and the keyboard by hand.
        let id = window.lines().next().unwrap_or_default().to_owned();
        let (width, height) = (SIZE.0.to_string(), SIZE.1.to_string());
        self.hand(&["windowmove", &id, "0", "0"]);
        self.hand(&["windowsize", &id, &width, &height]);
        self.hand(&["windowfocus", &id]);
        self.wait("a picture", |session| session.frame().windows(2).any(|pair| pair[0] != pair[1]));
        println!("first picture after {:.1} s", began.elapsed().as_secs_f64());
        sleep(Duration::from_secs(4));
        self.hand(&["windowfocus", &id]);
    }

    fn hand(&self, arguments: &[&str]) -> Option<String> {
        let output = Command::new("xdotool").env("DISPLAY", &self.display).args(arguments).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// A key. Modifiers are held for longer than a frame takes, so that a slow frame sees them together; the key itself is
    /// let go at once, before it repeats.
    fn key(&self, key: &str) {
        let mut parts: Vec<&str> = key.split('+').collect();
        let last = parts.pop().unwrap_or_default();
        let pause = || sleep(Duration::from_millis(700));
        for part in &parts {
            self.hand(&["keydown", part]);
            pause();
        }
        self.hand(&["key", last]);
        pause();
        for part in parts.iter().rev() {
            self.hand(&["keyup", part]);
        }
        pause();
    }

    /// A click; one that lasts is none.
    fn click(&self, x: u32, y: u32) {
        self.hand(&["mousemove", &x.to_string(), &y.to_string()]);
        sleep(Duration::from_millis(1000));
        self.hand(&["click", "1"]);
        sleep(Duration::from_millis(1500));
    }

    /// The picture on the display: what the server keeps in its memory, without its header.
    fn frame(&self) -> Vec<u8> {
        let bytes = fs::read(self.folder.join("Xvfb_screen0")).unwrap_or_default();
        let pixels = 4 * (SIZE.0 * SIZE.1) as usize;
        bytes[bytes.len().saturating_sub(pixels)..].to_vec()
    }

    /// The site with changes that are not saved, as it is kept against a crash.
    fn unsaved(&self) -> String {
        fs::read_to_string(self.folder.join(".mine.unsaved.ron")).unwrap_or_default()
    }

    fn wait(&mut self, what: &str, so: impl Fn(&Session) -> bool) {
        let began = Instant::now();
        while !so(self) {
            sleep(Duration::from_millis(300));
            let ended = self.viewer.as_mut().and_then(|viewer| viewer.0.try_wait().ok().flatten());
            assert!(ended.is_none(), "the viewer has ended while {what} was waited for: {ended:?}");
            assert!(began.elapsed() < PATIENCE, "{what} does not come; kept: {}", self.unsaved());
        }
    }
}

/// Share of the bytes of two pictures that differ.
fn difference(a: &[u8], b: &[u8]) -> f64 {
    a.iter().zip(b).filter(|(a, b)| a != b).count() as f64 / a.len().max(1) as f64
}

#[test]
fn a_person_opens_selects_scrubs_trips_compares_takes_back_saves_and_opens_again() {
    let missing: Vec<&str> = ["Xvfb", "xdotool"].into_iter().filter(|program| !is_there(program)).collect();
    if !missing.is_empty() || driver().is_none() {
        eprintln!("!!! NO SESSION IS DRIVEN: {missing:?} or a software Vulkan driver is missing");
        return;
    }
    let folder = tempfile::tempdir().unwrap_or_else(|error| panic!("{error}"));
    let site = folder.path().join("mine.ron");
    let settings = [("run.period".to_owned(), "Span(from: \"200 d\", for: \"2 h\")".to_owned())];
    let loaded =
        engine::scenario::load(Path::new("nvl72_pod"), &settings).unwrap_or_else(|p| panic!("{p:?}"));
    fs::write(&site, loaded.scenario.write()).unwrap_or_else(|error| panic!("{error}"));
    let floor = floor(&loaded.scenario, &loaded.case.plant);
    let pump = floor
        .machines
        .iter()
        .position(|(unit, ..)| loaded.case.plant.units[*unit].id.starts_with("facility_pump"));
    let pump = pump.unwrap_or_else(|| panic!("there is no pump"));

    let mut session = Session::start(folder.path(), &site);
    let begun = session.frame();

    // A rack of the table, with the pointer; what is selected goes with the Delete key, which shows that it was selected.
    session.click(SIZE.0 - 250, 150);
    session.key("Delete");
    session.wait("a rack less", |session| session.unsaved().contains("count: 7"));
    session.key("ctrl+z");
    session.wait("the rack again", |session| session.unsaved().contains("count: 8"));
    sleep(Duration::from_secs(6));

    // Somewhere in the middle of the time, with the pointer; the pump, with the keyboard.
    session.click(SIZE.0 / 2 + 80, SIZE.1 - 36);
    for _ in 0..=pump {
        session.key("m");
    }
    session.key("t");
    session.wait("an event", |session| session.unsaved().contains("Trip(\"facility_pump"));
    let text = session.unsaved();
    let at = text.split("At(\"").nth(1).and_then(|rest| rest.split(' ').next()?.parse::<f64>().ok());
    assert!(at.is_some_and(|at| at > 1000.0 && at < 6500.0), "it trips at {at:?} of 7,200 s");

    // Side by side with what was before, on one scale.
    sleep(Duration::from_secs(8));
    let alone = session.frame();
    session.key("c");
    session.wait("two halls", |session| difference(&alone, &session.frame()) > 0.05);
    session.key("c");

    // Taken back, done again, saved.
    session.key("ctrl+z");
    session.wait("no event", |session| !session.unsaved().contains("Trip("));
    session.key("ctrl+shift+z");
    session.wait("the event again", |session| session.unsaved().contains("Trip(\"facility_pump"));
    session.key("ctrl+s");
    session.wait("the saved site", |session| {
        fs::read_to_string(&session.site).is_ok_and(|text| text.contains("Trip("))
    });
    assert_eq!(session.unsaved(), "", "what is saved needs not be kept");

    // Killed in the middle of a change: the next session has the saved site, and the change.
    session.key("n");
    session.key("Delete");
    session.wait("a rack less", |session| session.unsaved().contains("count: 7"));
    session.viewer = None;
    let kept = session.unsaved();
    assert!(kept.contains("count: 7") && kept.contains("Trip(\"facility_pump"));
    let again = engine::scenario::load(&folder.path().join(".mine.unsaved.ron"), &[]);
    assert!(again.is_ok(), "{:?}", again.err());
    session.open();
    assert!(difference(&begun, &session.frame()) > 0.0);
}
