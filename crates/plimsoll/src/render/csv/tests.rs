use plimsoll_api::v1::access::Token;
use plimsoll_api::v1::deployment::Deployment;
use plimsoll_trials::hostile;
use serde_json::json;

use super::*;

/// The records of a text, as a reader of RFC 4180 finds them.
fn records(text: &str) -> Vec<Vec<String>> {
    let mut reader = ::csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    let records = reader.records().map(|record| record.unwrap());
    records.map(|record| record.iter().map(str::to_owned).collect()).collect()
}

#[test]
fn a_list_is_a_line_of_headings_and_a_line_for_each_item() {
    let items = json!([
        {"name": "a", "count": -3, "share": 0.5, "on": true, "of": ["x", "y"], "none": null},
        {"name": "b, \"c\"", "later": {"deep": 1}},
    ]);
    let text = csv(&items, &["name", "count"]).unwrap();
    assert_eq!(
        text,
        "name,count,later,none,of,on,share\r\n\
         a,-3,,,\"[\"\"x\"\",\"\"y\"\"]\",true,0.5\r\n\
         \"b, \"\"c\"\"\",,\"{\"\"deep\"\":1}\",,,,\r\n"
    );
}

#[test]
fn the_columns_are_those_of_the_type_also_when_there_is_nothing() {
    let columns = fields_of::<Token>();
    assert_eq!(columns[..3], ["id", "name", "role"]);
    let text = csv(&json!([]), columns).unwrap();
    assert_eq!(records(&text), [columns]);
    assert!(fields_of::<Deployment>().contains(&"version"));
}

#[test]
fn whatever_others_wrote_is_one_text_in_one_cell() {
    for text in hostile::texts() {
        let item = json!([{"id": "dep_1", "version": text, "tags": [text], "last": "z"}]);
        let written = csv(&item, &["id", "version", "tags", "last"]).unwrap();
        let lines: Vec<_> = written.strip_suffix("\r\n").unwrap().split("\r\n").collect();
        assert_eq!(lines.len(), 2, "{written:?}");
        let plain = |c: char| c.is_control() && !matches!(c, '\r' | '\n');
        assert!(!lines.iter().any(|line| line.contains(char::is_control)), "{written:?}");
        assert!(!written.contains(plain), "{written:?}");
        let found = records(&written);
        let [id, version, tags, last] = &found[1][..] else { panic!("{found:?}") };
        assert_eq!((id.as_str(), last.as_str()), ("dep_1", "z"));
        // As a spreadsheet looks at it: from the first letter that is no blank.
        for cell in [version, tags] {
            assert!(!cell.trim_start().starts_with(FORMULAS), "{cell:?}");
        }
        let shown = version.strip_prefix('\'').filter(|_| !text.starts_with('\''));
        assert_eq!(shown.unwrap_or(version), &text::on_one_line(&text), "it can be read");
    }
}

#[test]
fn what_is_no_formula_stays_as_it_is() {
    let item = json!([{"a": "checkout", "b": "a=b", "c": "1.2.3-rc.1", "d": "'quoted'", "e": ""}]);
    let text = csv(&item, &[]).unwrap();
    assert_eq!(text, "a,b,c,d,e\r\ncheckout,a=b,1.2.3-rc.1,'quoted',\r\n");
}
