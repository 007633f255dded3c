//! A small site on the bench, run to its end.

use panels::bench::{Bench, Standing};
use panels::window::Window;
use std::path::Path;
use std::time::{Duration, Instant};

/// A window with a built-in site of two summer hours.
pub fn window(site: &str) -> Window {
    window_with(site, &[])
}

/// The same with further settings.
pub fn window_with(site: &str, further: &[(String, String)]) -> Window {
    let mut window = Window::default();
    let period = ("run.period".to_owned(), "Span(from: \"200 d\", for: \"2 h\")".to_owned());
    let settings = [&[period], further].concat();
    assert!(window.open(Path::new(site), &settings), "{:?}", window.refused);
    finish(&mut window);
    window
}

/// Waits until nothing runs any more.
pub fn finish(window: &mut Window) {
    let began = Instant::now();
    while window.bench.as_ref().is_some_and(|bench| bench.shown.is_running()) {
        window.pass(0.0);
        std::thread::sleep(Duration::from_millis(2));
        assert!(began.elapsed() < Duration::from_secs(120), "the run does not end");
    }
    window.pass(0.0);
    let standing = &bench(window).shown.standing;
    assert_eq!(*standing, Standing::Done);
}

/// What is open.
pub fn bench(window: &Window) -> &Bench {
    window.bench.as_ref().unwrap_or_else(|| panic!("nothing is open"))
}
