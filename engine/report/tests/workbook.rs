//! The workbook as another program reads it: openpyxl, where there is one.

mod sample;

use report::document::{Block, Cell, Column, Document, Language, RowKind, Table};
use report::xlsx::xlsx;
use std::process::Command;

/// Reads the workbook, recomputes every formula from the cells that it names, and prints what it saw.
const READER: &str = r#"
import re, sys
from openpyxl import load_workbook
formulas, values = load_workbook(sys.argv[1]), load_workbook(sys.argv[1], data_only=True)
checked = 0
for sheet in formulas:
    for row in sheet.iter_rows():
        for cell in row:
            if cell.data_type == "f":
                assert re.fullmatch(r"=SUM\(([A-Z]+\d+:[A-Z]+\d+,?)+\)", cell.value), cell.value
                total = 0.0
                for span in re.findall(r"[A-Z]+\d+:[A-Z]+\d+", cell.value):
                    for line in values[sheet.title][span]:
                        total += sum(c.value for c in line if isinstance(c.value, (int, float)))
                cached = values[sheet.title][cell.coordinate].value
                assert abs(total - cached) <= 1e-9 * max(1.0, abs(total)), (sheet.title, cell.coordinate, total, cached)
                checked += 1
            elif isinstance(cell.value, str):
                assert cell.data_type == "s", (cell.coordinate, cell.data_type, cell.value)
first = formulas.worksheets[1]
print(formulas.sheetnames, checked, first.freeze_panes, first["B5"].number_format, formulas.properties.created.year)
"#;

fn document() -> Document {
    let word = |text: &str| text.to_owned();
    let columns = vec![
        Column::text("use", "Use"),
        Column::number("energy", "Energy", "kWh").summed(),
        Column::number("cost", "Cost", "EUR").summed(),
        Column::number("share", "Share", "%"),
    ];
    let mut table = Table::new("energy", "Energy by use", columns);
    for k in 0..12 {
        let value = 1000.0 / 3.0 * f64::from(k + 1);
        table.push(vec![
            Cell::text(["=1+1", "+A1", "-2", "@SUM(A1)", "http://example.org", "{=A1}"][k as usize % 6]),
            Cell::number(value, 1, ""),
            if k == 3 { Cell::Missing(word("no price")) } else { Cell::number(value / 7.0, 2, "") },
            Cell::number(100.0 / 12.0, 1, ""),
        ]);
    }
    table.total("First half", 0..6);
    table.heading("And then");
    table.push(vec![
        Cell::text("late"),
        Cell::number(0.1, 1, ""),
        Cell::number(0.2, 1, ""),
        Cell::number(1.0, 0, ""),
    ]);
    table.total("All", 0..15);
    assert!(matches!(table.rows[15].kind, RowKind::Total { .. }));
    let section = sample::section("energy", vec![Block::Table(table)]);
    Document {
        title: word("=HYPERLINK(\"http://example.org\")"),
        subtitle: word("报告"),
        verdict: word("@all is well"),
        ..sample::document(Language::Chinese, vec![section])
    }
}

#[test]
fn openpyxl_opens_the_workbook_its_totals_agree_and_no_text_is_a_formula() {
    let there = Command::new("python3").args(["-c", "import openpyxl"]).output();
    if !there.is_ok_and(|output| output.status.success()) {
        eprintln!("!!! python3 with openpyxl is not there: THE WORKBOOK IS NOT READ BY ANOTHER PROGRAM");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.xlsx");
    std::fs::write(&path, xlsx(&document()).unwrap()).unwrap();
    let output = Command::new("python3").args(["-c", READER]).arg(&path).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(said.trim(), "['report', 'energy'] 4 B4 #,##0.0 2000");
}
