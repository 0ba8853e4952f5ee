use super::*;
use crate::document::{Source, parse, resolve};

const CATALOG: &str = "apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: checkout.v2, annotations: {plimsoll.dev/tier: \"2\"}}
spec: {owner: shop}
---
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: shop}
spec: {}
";

fn month() -> Minutes {
    Minutes(43_200)
}

fn service() -> Name {
    Name::parse("checkout.v2").expect("a name")
}

/// SLO-05: each type of service that ships makes documents without a fault.
#[test]
fn slo_05_every_shipped_type_lints() {
    let guide = resolve(&[]).0.expect("the defaults have no faults");
    let guide = guide.objective_guide().expect("one ships").clone();
    let names: Vec<_> = guide.service_types.iter().map(|of| of.name.as_str()).collect();
    assert_eq!(names, ["http", "http-otel", "grpc", "frontend", "queue", "batch"]);
    for of in &guide.service_types {
        let text = suggest(of, &service(), month()).expect("the names are short");
        let sources = [Source { path: "c", text: CATALOG }, Source { path: "s", text: &text }];
        let parsed = parse(&sources);
        let (definitions, found) = resolve(&parsed.documents);
        assert_eq!((parsed.diagnostics, found), (Vec::new(), Vec::new()), "{text}");
        let definitions = definitions.expect("no faults");
        assert_eq!(definitions.slos.len(), of.objectives.len(), "{text}");
        for preset in &of.objectives {
            let slo = &definitions.slos
                [&Name::parse(&format!("checkout.v2-{}", preset.name)).expect("a name")];
            assert_eq!((slo.target, &slo.window), (preset.target, &Window::Rolling(month())));
            let selector = slo.indicator.total.selector.to_string();
            assert!(selector.contains("checkout.v2"), "{selector}");
        }
    }
}

#[test]
fn quotes_and_lines_in_a_guide_of_ones_own_stay_text() {
    let of = ServiceType {
        name: Name::parse("odd").expect("a name"),
        display_name: Some("odd\nkind: SLO".to_owned()),
        description: Some("it's\n--- odd".to_owned()),
        objectives: vec![Preset {
            name: Name::parse("x").expect("a name"),
            description: Some("don't: [{".to_owned()),
            target: plimsoll_domain::slo::Target::from_fraction(0.9).expect("in range"),
            measures: Measures::Gauge {
                query: "up{a='it'}".to_owned(),
                condition: Condition { operator: Operator::Lt, value: 1e-3 },
            },
        }],
    };
    let text = suggest(&of, &service(), month()).expect("the names are short");
    let sources = [Source { path: "c", text: CATALOG }, Source { path: "s", text: &text }];
    let parsed = parse(&sources);
    assert_eq!(parsed.diagnostics, Vec::new(), "{text}");
    assert_eq!(parsed.documents.len(), 4);
}

#[test]
fn names_that_would_be_too_long_are_refused() {
    let guide = resolve(&[]).0.expect("the defaults have no faults");
    let of = guide.objective_guide().expect("one ships").service_types[0].clone();
    let long = Name::parse(&"a".repeat(60)).expect("a name");
    assert!(suggest(&of, &long, month()).is_err());
}
