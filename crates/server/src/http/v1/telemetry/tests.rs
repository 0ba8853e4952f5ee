use super::*;
use crate::app::Failure;

fn busy() -> Rejection {
    let message = "the tally engine's queue is full".to_owned();
    Failure::Busy { code: "overloaded", message, retry_after_seconds: 5 }.into()
}

#[test]
fn an_overloaded_server_says_when_to_come_again_and_that_nothing_was_written() {
    let response = respond(Message::V2, Err(busy()), Written::default());
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    let headers = response.headers();
    assert_eq!(headers["retry-after"], "5");
    for header in [SAMPLES_WRITTEN, HISTOGRAMS_WRITTEN, EXEMPLARS_WRITTEN] {
        assert_eq!(headers[header], "0");
    }
}

#[test]
fn senders_of_1_0_are_told_no_counts() {
    let written = Written { samples: 3, histograms: 2, exemplars: 1 };
    let counts = |message| respond(message, Ok(()), written).headers().len();
    assert_eq!((counts(Message::V1), counts(Message::V2)), (0, 3));
}
