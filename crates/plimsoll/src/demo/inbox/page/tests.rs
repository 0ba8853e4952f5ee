use axum::body::{Body, to_bytes};
use axum::http::Request;
use plimsoll_server::world::World;
use tower::ServiceExt as _;

use super::*;

const HOSTILE: &str = "Subject: <script>alert('s')</script>\r\n\
    From: \"<b>\" <a@b>\r\n\
    Message-ID: <ntf_1@b>\"><img src=x onerror=alert(1)>\r\n\
    Content-Type: multipart/alternative; boundary=b\r\n\r\n\
    --b\r\nContent-Type: text/plain\r\n\r\n\
    </pre><script>alert('t')</script> http://127.0.0.1/\"onmouseover=\"alert(1) javascript:alert(1)\
    \r\n--b\r\nContent-Type: text/html\r\n\r\n<script>alert('h')</script>\r\n--b--\r\n";

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

async fn ask(inbox: &Inbox, method: &str, path: &str, host: &str) -> Answer {
    let request = Request::builder().method(method).uri(path).header(HOST, host);
    let request = request.body(Body::empty()).unwrap();
    let response = inbox.router().oneshot(request).await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    let bytes = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    Answer { status, headers, text: String::from_utf8(bytes.to_vec()).unwrap() }
}

async fn get_page(inbox: &Inbox, path: &str) -> Answer {
    ask(inbox, "GET", path, "127.0.0.1:1234").await
}

fn hostile() -> Inbox {
    let inbox = Inbox::new(World::system());
    inbox.keep(vec!["<i>team@b</i>".to_owned()], HOSTILE.as_bytes());
    inbox
}

#[tokio::test]
async fn hostile_text_is_text_on_every_page() {
    let inbox = hostile();
    for path in ["/", "/letters/1"] {
        let Answer { status, headers, text } = get_page(&inbox, path).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(headers[CONTENT_SECURITY_POLICY], PAGE);
        for live in ["<script", "<img", "<i>", "<b>", "\"onmouseover", "href=\"javascript"] {
            assert!(!text.contains(live), "{live} on {path}:\n{text}");
        }
        assert!(text.contains("&lt;script&gt;alert(&#39;s&#39;)"), "{text}");
    }
}

#[tokio::test]
async fn a_letters_html_stays_in_a_frame_without_scripts() {
    let inbox = hostile();
    let page = get_page(&inbox, "/letters/1").await.text;
    assert!(page.contains("src=\"/letters/1/html\" sandbox=\"allow-popups "), "{page}");
    let Answer { headers, text, .. } = get_page(&inbox, "/letters/1/html").await;
    assert!(text.trim_end().ends_with("<script>alert('h')</script>"), "as it came: {text}");
    let policy = headers[CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.contains("default-src 'none'") && policy.contains("sandbox allow-popups"));
    assert!(!policy.contains("script") && !policy.contains("same-origin"), "{policy}");
}

#[tokio::test]
async fn addresses_in_the_text_are_links() {
    let inbox = Inbox::new(World::system());
    inbox.keep(
        Vec::new(),
        b"Subject: a\r\n\r\nsee http://127.0.0.1:8010/alerts/alt_1?a=1&b=2 now\r\n",
    );
    let text = get_page(&inbox, "/letters/1").await.text;
    let link = "see <a href=\"http://127.0.0.1:8010/alerts/alt_1?a=1&amp;b=2\" target=_blank";
    assert!(text.contains(link), "{text}");
}

#[tokio::test]
async fn it_is_read_only_and_only_under_names_of_this_machine() {
    let inbox = hostile();
    for (host, expected) in [("localhost:9", 200), ("shop.example:9", 421), ("127.0.0.1.x", 421)] {
        assert_eq!(ask(&inbox, "GET", "/", host).await.status.as_u16(), expected, "{host}");
    }
    assert_eq!(ask(&inbox, "POST", "/", "localhost").await.status, StatusCode::METHOD_NOT_ALLOWED);
    for path in ["/letters/2", "/letters/2/html", "/nothing"] {
        assert_eq!(get_page(&inbox, path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}
