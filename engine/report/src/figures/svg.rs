//! A drawing of rectangles, lines and words: the same calls give the same bytes.
//!
//! Colours are those of light paper, as attributes; classes let a style sheet change those of words and lines.

use std::fmt::Write;

/// Words.
pub const INK: &str = "#1f2933";
/// Axes and what is secondary.
pub const FAINT: &str = "#52606d";
/// Lines of a grid.
pub const GRID: &str = "#dfe3e8";
/// Behind everything.
pub const PAPER: &str = "#ffffff";

/// Okabe and Ito (2008), told apart with any common colour vision; ordered so that neighbours differ in lightness too.
pub const COLOURS: [&str; 8] =
    ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#7b8794"];

/// Where a word stands to its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// The point is at its beginning.
    Start,
    /// At its middle.
    Middle,
    /// At its end.
    End,
}

/// How a word looks.
#[derive(Debug, Clone, Copy)]
pub struct Type {
    /// Height [px].
    pub size: f64,
    /// Whether it is bold.
    pub bold: bool,
    /// Whether it is secondary.
    pub faint: bool,
}

/// Words of a drawing.
pub const PLAIN: Type = Type { size: 12.0, bold: false, faint: false };
/// Words at axes.
pub const SMALL: Type = Type { size: 11.0, bold: false, faint: true };
/// Words that matter.
pub const STRONG: Type = Type { size: 12.0, bold: true, faint: false };

/// A drawing in the making.
pub struct Svg {
    id: String,
    width: f64,
    height: f64,
    body: String,
}

impl Svg {
    /// An empty drawing. `id` begins the names of what it defines.
    pub fn new(id: &str, width: f64, height: f64) -> Self {
        Self { id: id.to_owned(), width, height, body: String::new() }
    }

    /// Width and height [px].
    pub const fn size(&self) -> (f64, f64) {
        (self.width, self.height)
    }

    /// The whole element, with what it shows in words.
    pub fn finish(self, title: &str, description: &str) -> String {
        let Self { id, width, height, body } = self;
        let (title, description) = (escape(title), escape(description));
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {w} {h}\" width=\"{w}\" height=\"{h}\" \
             role=\"img\" aria-labelledby=\"{id}-t {id}-d\" \
             font-family=\"Noto Sans, Noto Sans SC, Noto Sans CJK SC, Helvetica, Arial, sans-serif\">\
             <title id=\"{id}-t\">{title}</title><desc id=\"{id}-d\">{description}</desc>\
             <defs><pattern id=\"{id}-h\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" \
             patternTransform=\"rotate(45)\"><rect width=\"1.6\" height=\"5\" fill=\"{PAPER}\" \
             fill-opacity=\"0.55\"/></pattern></defs>\
             <rect class=\"paper\" width=\"{w}\" height=\"{h}\" fill=\"{PAPER}\"/>{body}</svg>",
            w = n(width),
            h = n(height),
        )
    }

    /// A filled rectangle.
    pub fn rect(&mut self, x: f64, y: f64, width: f64, height: f64, fill: &str) {
        if width > 0.0 && height > 0.0 {
            let _ = write!(
                self.body,
                "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{fill}\"/>",
                n(x),
                n(y),
                n(width),
                n(height)
            );
        }
    }

    /// A filled rectangle with hatching, so that colour is not alone.
    pub fn hatched(&mut self, x: f64, y: f64, width: f64, height: f64, fill: &str) {
        self.rect(x, y, width, height, fill);
        let hatch = format!("url(#{}-h)", self.id);
        self.rect(x, y, width, height, &hatch);
    }

    /// A rounded box with a border.
    pub fn frame(&mut self, x: f64, y: f64, width: f64, height: f64, dashed: bool, fill: &str) {
        let dash = if dashed { " stroke-dasharray=\"6 4\"" } else { "" };
        let _ = write!(
            self.body,
            "<rect class=\"frame\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"6\" fill=\"{fill}\" \
             stroke=\"{FAINT}\"{dash}/>",
            n(x),
            n(y),
            n(width),
            n(height)
        );
    }

    /// A line of the grid or an axis.
    pub fn rule(&mut self, from: (f64, f64), to: (f64, f64), axis: bool) {
        let (class, stroke) = if axis { ("axis", FAINT) } else { ("grid", GRID) };
        let _ = write!(
            self.body,
            "<line class=\"{class}\" x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" stroke=\"{stroke}\"/>",
            n(from.0),
            n(from.1),
            n(to.0),
            n(to.1)
        );
    }

    /// A line through points.
    pub fn line(&mut self, points: &[(f64, f64)], stroke: &str, width: f64, dashed: bool) {
        let list: Vec<String> = points.iter().map(|(x, y)| format!("{},{}", n(*x), n(*y))).collect();
        let dash = if dashed { " stroke-dasharray=\"6 4\"" } else { "" };
        let _ = write!(
            self.body,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{stroke}\" stroke-width=\"{}\" \
             stroke-linejoin=\"round\"{dash}/>",
            list.join(" "),
            n(width)
        );
    }

    /// An arrow to the right or, with `to.0 < from.0`, to the left, between points of one height.
    pub fn arrow(&mut self, from: (f64, f64), to: (f64, f64), stroke: &str) {
        let back = if to.0 >= from.0 { -7.0 } else { 7.0 };
        self.line(&[from, (to.0 + back, to.1)], stroke, 2.5, false);
        let head = format!("M{} {}l{} -5v10z", n(to.0), n(to.1), n(back));
        self.path(&head, stroke, 1.0, false);
    }

    /// A filled path.
    pub fn path(&mut self, data: &str, fill: &str, opacity: f64, crisp: bool) {
        let crisp = if crisp { " shape-rendering=\"crispEdges\"" } else { "" };
        let opacity = if opacity < 1.0 { format!(" fill-opacity=\"{}\"", n(opacity)) } else { String::new() };
        let _ = write!(self.body, "<path d=\"{data}\" fill=\"{fill}\"{opacity}{crisp}/>");
    }

    /// Words on one line, `y` is their base line.
    pub fn text(&mut self, x: f64, y: f64, anchor: Anchor, look: Type, text: &str) {
        self.words(x, y, anchor, look, text, false);
    }

    /// The same over a drawing: with a rim of paper, so that they are read on any colour.
    pub fn text_over(&mut self, x: f64, y: f64, look: Type, text: &str) {
        self.words(x, y, Anchor::Start, look, text, true);
    }

    fn words(&mut self, x: f64, y: f64, anchor: Anchor, look: Type, text: &str, over: bool) {
        let (class, fill) = if look.faint { ("faint", FAINT) } else { ("ink", INK) };
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        let bold = if look.bold { " font-weight=\"600\"" } else { "" };
        let (over, rim) = match over {
            true => (
                " over",
                " stroke=\"#ffffff\" stroke-width=\"3\" stroke-opacity=\"0.8\" paint-order=\"stroke\"",
            ),
            false => ("", ""),
        };
        let _ = write!(
            self.body,
            "<text class=\"{class}{over}\" x=\"{}\" y=\"{}\" font-size=\"{}\" \
             fill=\"{fill}\"{anchor}{bold}{rim}>{}</text>",
            n(x),
            n(y),
            n(look.size),
            escape(text)
        );
    }
}

/// A coordinate: two decimals, no trailing zeros.
pub fn n(value: f64) -> String {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// Text as it stands between tags and in attributes. Control characters, which XML refuses, become spaces.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\u{fffe}' | '\u{ffff}' => out.push(' '),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// About how wide a text is [px]: as in common sans-serif fonts, characters of East Asia as wide as high.
pub fn width(text: &str, size: f64) -> f64 {
    let of = |c: char| match c {
        '\u{2e80}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7af}'
        | '\u{f900}'..='\u{faff}'
        | '\u{ff00}'..='\u{ff60}' => 1.0,
        'i' | 'l' | 'j' | '.' | ',' | ':' | ';' | '|' | '\'' | ' ' | '(' | ')' | 't' | 'f' | 'r' => 0.34,
        'm' | 'w' | 'M' | 'W' | '%' | '@' => 0.9,
        'A'..='Z' => 0.68,
        _ => 0.57,
    };
    text.chars().map(of).sum::<f64>() * size
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_a_site_gives_cannot_leave_their_place() {
        let mut svg = Svg::new("f", 10.0, 10.0);
        svg.text(0.0, 0.0, Anchor::Start, PLAIN, "</text><script>alert(\"1\")</script>\u{1}");
        let text = svg.finish("a < b", "& 'c'");
        assert!(!text.contains("<script"), "{text}");
        assert!(text.contains("a &lt; b") && text.contains("&amp; &#39;c&#39;"));
        assert!(!text.contains('\u{1}'));
    }

    #[test]
    fn a_coordinate_is_short_and_has_no_negative_zero() {
        assert_eq!([n(1.0), n(1.254), n(-0.001), n(10.50)], ["1", "1.25", "0", "10.5"]);
    }
}
