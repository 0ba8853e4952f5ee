use axum::body::to_bytes;

use super::*;

#[tokio::test]
async fn what_is_exposed_is_a_counter_and_a_cumulative_histogram() {
    let meter = Meter::default();
    let ms = Duration::from_millis;
    for (status, took) in [(200, ms(10)), (200, ms(11)), (404, ms(400)), (500, ms(1_500))] {
        meter.count(StatusCode::from_u16(status).unwrap(), took);
    }
    let body = meter.expose("shop").into_response().into_body();
    let bytes = to_bytes(body, 1 << 16).await.unwrap();
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    for line in [
        "http_requests_total{service=\"shop\",code=\"200\"} 3",
        "http_requests_total{service=\"shop\",code=\"500\"} 1",
        "http_request_duration_seconds_bucket{service=\"shop\",le=\"0.01\"} 1",
        "http_request_duration_seconds_bucket{service=\"shop\",le=\"0.25\"} 2",
        "http_request_duration_seconds_bucket{service=\"shop\",le=\"0.5\"} 3",
        "http_request_duration_seconds_bucket{service=\"shop\",le=\"1\"} 3",
        "http_request_duration_seconds_bucket{service=\"shop\",le=\"+Inf\"} 4",
        "http_request_duration_seconds_sum{service=\"shop\"} 1.921",
        "http_request_duration_seconds_count{service=\"shop\"} 4",
    ] {
        assert!(text.lines().any(|it| it == line), "{line} is missing in\n{text}");
    }
}
