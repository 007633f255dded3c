//! How wide the columns of a table are, and how large its letters.
//!
//! A table whose cells all fit on one line has its natural widths, stretched to the page where it nearly fills it.
//! Where they do not fit, the columns get their longest words, which with numbers are never broken, and what is left of
//! the page goes piece by piece to the column whose tall cells gain most: `Σ lines⁴` over all cells becomes smallest.
//!
//! Widths of letters are estimated, with some room to spare, and the heading of a column may take several lines.

use report::document::{Align, Cell, Row, RowKind, Table};
use report::figures::svg;

/// Width of the text on an upright page [pt].
const UPRIGHT: f64 = 481.0;
/// Width of the text on a page that lies on its side [pt].
const LYING: f64 = 728.0;
/// More lines than this in its cells put a table on its side.
const MOST_LINES: f64 = 3.6;
/// Letters stay large as long as cells have no more lines than this.
const FEW_LINES: f64 = 2.1;
/// Rows that are looked at; longer tables are alike throughout.
const ROWS: usize = 300;
/// Pieces in which what is left of the page is given away.
const PIECES: usize = 120;
/// Sizes of letters and the space beside them [pt], the first that does is taken.
const SIZES: [(f64, f64); 3] = [(8.0, 5.0), (7.4, 4.0), (6.8, 3.2)];
/// Estimated widths are as much too small at most.
const ROOM: f64 = 1.03;
/// A table that fills this share of the page is stretched to all of it.
const NEARLY_FULL: f64 = 0.62;

/// How a table is set.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    /// Size of the letters [pt].
    pub size: f64,
    /// Space at both sides of a cell [pt].
    pub inset: f64,
    /// Widths of the columns, their space included [pt].
    pub widths: Vec<f64>,
    /// Lines that the longest cell takes.
    pub lines: f64,
}

/// What a column needs, in units of the size of its letters.
#[derive(Debug, Clone, Copy)]
struct Need {
    /// Its longest word.
    least: f64,
    /// Its longest cell on one line.
    whole: f64,
    /// Its heading on one line.
    heading: f64,
}

fn em(text: &str) -> f64 {
    // Typst sets a quarter of an em between East Asian and Latin letters.
    let kinds = || text.chars().map(east);
    let seams = kinds().zip(kinds().skip(1)).filter(|(a, b)| a != b).count();
    ROOM * svg::width(text, 1.0) + 0.25 * seams as f64
}

fn east(c: char) -> bool {
    ('\u{2e80}'..='\u{ffef}').contains(&c)
}

/// The longest piece that is never broken: words, and between East Asian characters everywhere but in a word of three of
/// them, or in one with a space that does not break.
fn longest_word(text: &str) -> f64 {
    const FIXED: char = '\u{a0}';
    let breaks = |c: char| (c.is_whitespace() && c != FIXED) || c == super::setting::ZERO_WIDTH_SPACE;
    let longest = |word: &str| {
        if word.contains(FIXED) || word.chars().count() <= 3 {
            return em(word);
        }
        let pieces = word.split_inclusive(east);
        pieces
            .map(|piece| if piece.chars().all(east) { em(piece).max(2.0) } else { em(piece) })
            .fold(0.0, f64::max)
    };
    text.split(breaks).map(longest).fold(0.0, f64::max)
}

fn need(table: &Table, column: usize) -> Need {
    let head = &table.columns[column];
    let title = 1.08 * em(&head.title);
    let unit = head.unit.as_ref().map_or(0.0, |unit| em(&format!("[{unit}]")));
    let word = (1.08 * longest_word(&head.title)).max(unit);
    let mut need = Need { least: word, whole: word, heading: title + unit + em(" ") };
    let cells = |row: &Row| row.kind != RowKind::Heading;
    for row in table.rows.iter().filter(|row| cells(row)) {
        let Some(cell) = row.cells.get(column) else { continue };
        let bold = if matches!(row.kind, RowKind::Total { .. }) { 1.08 } else { 1.0 };
        let text = cell.shown();
        let whole = bold * em(&text);
        let least = match cell {
            Cell::Number { .. } => whole,
            Cell::Text(_) => bold * longest_word(&super::setting::breakable(&text)),
            Cell::Missing(_) => longest_word(&text),
        };
        // Why a number is missing is no reason to widen its column.
        let whole = if matches!(cell, Cell::Missing(_)) { least.max(0.4 * whole) } else { whole };
        need = Need { least: need.least.max(least), whole: need.whole.max(whole), ..need };
    }
    need.whole = need.whole.max(need.least);
    need
}

/// The widths of a table on a page as wide as that.
fn layout(table: &Table, page: f64) -> Layout {
    let needs: Vec<Need> = (0..table.columns.len()).map(|k| need(table, k)).collect();
    let space = |inset: f64| 2.0 * inset * needs.len() as f64;
    // Headings on one line, else on two.
    let tries = [(SIZES[0], 1.0)].into_iter().chain(SIZES.map(|size| (size, 0.5)));
    for ((size, inset), heading) in tries {
        let whole = |need: &Need| need.whole.max(heading * need.heading);
        let natural: Vec<f64> = needs.iter().map(|need| size * whole(need) + 2.0 * inset).collect();
        let all: f64 = natural.iter().sum();
        if all <= page {
            let spare = if all >= NEARLY_FULL * page { (page - all) / needs.len() as f64 } else { 6.0 };
            let widths = natural.iter().map(|width| width + spare).collect();
            return Layout { size, inset, widths, lines: 1.0 };
        }
    }
    // Of the sizes at which every word fits, the largest whose cells are not too tall.
    let lengths = lengths(table);
    let mut found = None;
    for (size, inset) in SIZES {
        let room = (page - space(inset)) / size;
        let least: Vec<f64> = needs.iter().map(|need| need.least).collect();
        let spare = room - least.iter().sum::<f64>();
        if spare < 0.0 {
            continue;
        }
        let widths = shared(least, spare, &lengths);
        let lines =
            lengths.iter().zip(&widths).flat_map(|(cells, width)| cells.iter().map(move |cell| cell / width));
        let lines = lines.fold(1.0, f64::max);
        let widths = widths.iter().map(|width| size * width + 2.0 * inset).collect();
        found = Some(Layout { size, inset, widths, lines });
        if lines <= FEW_LINES {
            break;
        }
    }
    found.unwrap_or_else(|| {
        // Words that do not fit at any size are broken: shares of the page in proportion.
        let (size, inset) = SIZES[SIZES.len() - 1];
        let all: f64 = needs.iter().map(|need| need.least).sum();
        let room = page - space(inset);
        let widths = needs.iter().map(|need| room * need.least / all.max(1e-9) + 2.0 * inset).collect();
        Layout { size, inset, widths, lines: 64.0 }
    })
}

/// Lengths of the cells of each column on one line.
fn lengths(table: &Table) -> Vec<Vec<f64>> {
    let rows = || table.rows.iter().filter(|row| row.kind != RowKind::Heading).take(ROWS);
    let of = |k: usize| rows().filter_map(move |row| row.cells.get(k)).map(|cell| em(&cell.shown()));
    (0..table.columns.len()).map(|k| of(k).collect()).collect()
}

/// Widths that begin with the least and share what is to spare, so that `Σ lines⁴` becomes smallest.
fn shared(mut widths: Vec<f64>, spare: f64, lengths: &[Vec<f64>]) -> Vec<f64> {
    let piece = spare / PIECES as f64;
    let cost = |cells: &[f64], width: f64| -> f64 {
        cells.iter().map(|cell| (cell / width).max(1.0)).map(|lines| lines * lines * lines * lines).sum()
    };
    let gain = |k: usize, width: f64| cost(&lengths[k], width) - cost(&lengths[k], width + piece);
    let mut gains: Vec<f64> = widths.iter().enumerate().map(|(k, width)| gain(k, *width)).collect();
    for _ in 0..PIECES {
        let best = (0..gains.len()).max_by(|&a, &b| gains[a].total_cmp(&gains[b]).then(b.cmp(&a)));
        let Some(best) = best.filter(|&k| gains[k] > 0.0) else { break };
        widths[best] += piece;
        gains[best] = gain(best, widths[best]);
    }
    widths
}

/// Whether a table wants a page that lies on its side.
pub fn is_wide(table: &Table) -> bool {
    layout(table, UPRIGHT).lines > MOST_LINES
}

/// How a table is set on a page that is upright or lies on its side.
pub fn of(table: &Table, lying: bool) -> Layout {
    layout(table, if lying { LYING } else { UPRIGHT })
}

/// Whether the cells of a column stand at its end.
pub fn at_end(table: &Table, column: usize) -> bool {
    table.columns.get(column).is_some_and(|column| column.align == Align::End)
}

#[cfg(test)]
mod tests {
    use super::*;
    use report::document::Column;

    fn table(cells: &[&str]) -> Table {
        let columns = cells.iter().enumerate().map(|(k, _)| Column::text(&format!("c{k}"), "C")).collect();
        let mut table = Table::new("t", "", columns);
        table.push(cells.iter().map(|text| Cell::text(*text)).collect());
        table
    }

    #[test]
    fn a_small_table_keeps_its_width_and_one_that_nearly_fills_the_page_fills_it() {
        let small = of(&table(&["a few words", "more"]), false);
        assert_eq!((small.size, small.lines), (8.0, 1.0));
        assert!(small.widths.iter().sum::<f64>() < 0.62 * UPRIGHT, "{small:?}");
        let sentence = "twenty letters, more".repeat(2);
        let full = of(&table(&[&sentence, &sentence]), false);
        assert!((full.widths.iter().sum::<f64>() - UPRIGHT).abs() < 1e-6, "{full:?}");
        assert_eq!(full.lines, 1.0);
    }

    #[test]
    fn equally_long_cells_get_equal_widths_and_the_page_is_filled() {
        let words = "words and words ".repeat(20);
        let layout = of(&table(&[&words, &words, "short"]), false);
        assert!((layout.widths.iter().sum::<f64>() - UPRIGHT).abs() < 0.01, "{layout:?}");
        // To one of the pieces in which the page is given away.
        assert!((layout.widths[0] - layout.widths[1]).abs() < UPRIGHT / PIECES as f64);
        assert!(layout.widths[2] < 40.0 && layout.lines > 1.5, "{layout:?}");
    }

    #[test]
    fn only_a_table_with_too_many_lines_lies_on_its_side() {
        let words = "words and words ".repeat(6);
        assert!(!is_wide(&table(&[&words, &words])));
        assert!(is_wide(&table(&[words.as_str(); 9])));
    }

    #[test]
    fn a_short_word_of_chinese_and_a_date_are_never_broken() {
        assert_eq!(longest_word("可信度"), em("可信度"));
        assert_eq!(longest_word("12月29日\u{a0}17:45"), em("12月29日\u{a0}17:45"));
        // A longer one may be, between any two characters.
        assert!(longest_word("可作为设计值") < 0.5 * em("可作为设计值"));
        assert_eq!(longest_word("kg CO₂e/kg"), em("CO₂e/kg"));
    }

    #[test]
    fn a_number_is_never_broken() {
        let columns =
            (0..12).map(|k| Column::number(&format!("c{k}"), "Transformer losses", "kWh")).collect();
        let mut table = Table::new("t", "", columns);
        table.push(vec![Cell::number(1_234_567.0, 0, ""); 12]);
        let layout = of(&table, false);
        let needed = layout.size * svg::width("1,234,567", 1.0);
        assert!(layout.widths.iter().all(|width| width - 2.0 * layout.inset >= needed), "{layout:?}");
        assert!(layout.widths.iter().sum::<f64>() <= UPRIGHT + 1e-6);
    }
}
