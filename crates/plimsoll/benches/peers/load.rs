//! Telemetry as Prometheus sends it: services whose instances count requests by status code, and
//! the definitions by which Plimsoll counts them.

use std::time::{SystemTime, UNIX_EPOCH};

use plimsoll_ingest::remote_write::wire;
use plimsoll_trials::bodies::packed;
use plimsoll_trials::documents::Slo;

/// The metric that the definitions name.
pub(crate) const DECLARED: &str = "http_requests_total";

/// Metrics that none does.
const UNDECLARED: usize = 200;

/// Samples of one request, as a sender of Prometheus' present default packs them.
pub(crate) const REQUEST_SAMPLES: usize = 2_000;

/// One series: eight labels, as many as a series of an application in Kubernetes has.
#[derive(Debug, Clone)]
pub(crate) struct Series(Vec<wire::Label>);

impl Series {
    /// A series of a service that the definitions name. One in ten counts failures.
    pub(crate) fn declared(service: usize, number: usize) -> Self {
        let code = if number.is_multiple_of(10) { "500" } else { "200" };
        Self::of(DECLARED.to_owned(), service, number, code)
    }

    /// A series that no definition names.
    pub(crate) fn undeclared(service: usize, number: usize) -> Self {
        Self::of(format!("runtime_measure_{}_total", number % UNDECLARED), service, number, "200")
    }

    pub(crate) fn of(metric: String, service: usize, number: usize, code: &str) -> Self {
        let pod = number / 20;
        Self(vec![
            label("__name__", metric),
            label("code", code),
            label("handler", format!("/api/v1/orders/{}", number % 20)),
            label("instance", format!("10.{service}.{}.{}:9090", pod / 250, pod % 250)),
            label("job", name(service)),
            label("namespace", "shops"),
            label("pod", format!("{}-{number}", name(service))),
            label("service", name(service)),
        ])
    }

    /// A series of one handler of a service.
    pub(crate) fn handled(service: &str, handler: usize, code: &str) -> Self {
        Self(vec![
            label("__name__", DECLARED),
            label("code", code),
            label("handler", handler.to_string()),
            label("instance", format!("{service}:9090")),
            label("job", service),
            label("service", service),
        ])
    }

    /// A series of any metric with one more label.
    pub(crate) fn named(metric: &str, label_name: &str, value: String) -> Self {
        Self(vec![label("__name__", metric), label(label_name, value)])
    }

    /// It with one sample, as senders write each.
    pub(crate) fn at(&self, timestamp: i64, value: f64) -> wire::TimeSeries {
        let samples = vec![wire::Sample { value, timestamp }];
        wire::TimeSeries { labels: self.0.clone(), samples }
    }
}

fn label(name: &str, value: impl Into<Vec<u8>>) -> wire::Label {
    wire::Label { name: name.into(), value: value.into() }
}

/// The name of a service, and of its one SLO.
pub(crate) fn name(service: usize) -> String {
    format!("shop-{service}")
}

/// What selects the failures and all requests of a service.
pub(crate) fn selectors(service: usize) -> (String, String) {
    let all = format!(r#"service="{}""#, name(service));
    (format!(r#"{DECLARED}{{{all},code=~"5.."}}"#), format!("{DECLARED}{{{all}}}"))
}

/// A service and an objective over thirty days for each, with the arms of the workbook.
pub(crate) fn definitions(services: usize) -> String {
    let mut text = String::new();
    for name in (0..services).map(name) {
        text += &format!(
            "---\napiVersion: openslo/v1\nkind: Service\nmetadata: {{name: {name}}}\nspec: {{}}\n"
        );
        text += &Slo {
            name: &name,
            service: &name,
            metric: DECLARED,
            matchers: &format!("service=\"{name}\""),
            window: "30d",
            target: 0.999,
            policy: None,
        }
        .to_string();
    }
    text
}

/// A remote-write request.
pub(crate) fn request(timeseries: Vec<wire::TimeSeries>) -> Vec<u8> {
    packed(&wire::WriteRequest { timeseries })
}

/// Rounds of one sample of each series, `spacing_ms` apart, the last one now, in requests.
pub(crate) fn rounds(series: &[Series], rounds: usize, spacing_ms: i64) -> Vec<Vec<u8>> {
    let first_ms = now_ms() - (rounds as i64 - 1) * spacing_ms;
    let body = |round: usize, chunk: usize| {
        let at_ms = first_ms + round as i64 * spacing_ms;
        let chunks = series.chunks(REQUEST_SAMPLES).nth(chunk).unwrap_or_default();
        let numbered = chunks.iter().enumerate();
        request(numbered.map(|(i, series)| series.at(at_ms, (round * (i + 1)) as f64)).collect())
    };
    let chunks = series.len().div_ceil(REQUEST_SAMPLES);
    (0..rounds)
        .flat_map(|round| (0..chunks).map(move |chunk| (round, chunk)))
        .map(|(round, chunk)| body(round, chunk))
        .collect()
}

/// Now, in Unix milliseconds.
pub(crate) fn now_ms() -> i64 {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970");
    i64::try_from(since_epoch.as_millis()).expect("before the year 292 million")
}
