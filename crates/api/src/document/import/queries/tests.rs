use super::*;

#[test]
fn a_query_is_put_on_one_line_and_its_texts_stay_what_they_are() {
    for (query, line) in [
        ("sum(\n  rate(a[5m        ])\n)", "sum(rate(a[5m]))"),
        ("a{x=\"1  2\",\n  y='3  ]'}", "a{x=\"1  2\", y='3  ]'}"),
        ("a{x=\"\\\"  \"}  -  b", "a{x=\"\\\"  \"} - b"),
        ("a{x=`\\  `}", "a{x=`\\  `}"),
        ("  a  ", "a"),
    ] {
        assert_eq!(on_one_line(query), line, "{query}");
    }
}
