//! The pages' text. Whatever comes from a letter goes through [`escaped`].

use jiff::Timestamp;

use crate::demo::inbox::Kept;

/// All letters, the newest first.
pub(super) fn list(letters: &[Kept]) -> String {
    let title = match letters {
        [] => "No mail yet".to_owned(),
        [_] => "One message".to_owned(),
        several => format!("{} messages", several.len()),
    };
    let rows: String = letters.iter().map(row).collect();
    let body = match letters {
        [] => "<p>What the demo's server mails to the teams is kept here until the demo ends.</p>"
            .to_owned(),
        [_, ..] => format!("<ul class=letters>{rows}</ul>"),
    };
    // The page is read again by itself, since it runs no script.
    document(&title, "<meta http-equiv=refresh content=5>", &format!("<h1>{title}</h1>{body}"))
}

fn row(kept: &Kept) -> String {
    let Kept { number, received_at, to, letter } = kept;
    let subject = if letter.subject.is_empty() { "(no subject)" } else { &letter.subject };
    let first = letter.text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    format!(
        "<li><a href=\"/letters/{number}\">{}</a> <time>{}</time><p>to {}: {}</p></li>",
        escaped(subject),
        clock(*received_at),
        escaped(&to.join(", ")),
        escaped(&shortened(first)),
    )
}

/// One letter.
pub(super) fn letter(kept: &Kept) -> String {
    let Kept { number, received_at, letter, .. } = kept;
    let received = format!("{} UTC", clock(*received_at));
    let rows = [
        ("From", &letter.from),
        ("To", &letter.to),
        ("Date", &letter.date),
        ("Received", &received),
        ("Message-ID", &letter.message_id),
    ];
    let row =
        |(name, value): &(&str, &String)| format!("<dt>{name}</dt><dd>{}</dd>", escaped(value));
    let rows: String = rows.iter().map(row).collect();
    let html = match letter.html {
        Some(_) => format!(
            "<h2>As HTML</h2><iframe title=\"The letter as HTML\" src=\"/letters/{number}/html\" \
             sandbox=\"allow-popups allow-popups-to-escape-sandbox\"></iframe>"
        ),
        None => String::new(),
    };
    let subject = escaped(&letter.subject);
    let body = format!(
        "<p><a href=\"/\">All messages</a></p><h1>{subject}</h1><dl>{rows}</dl>\
         <h2>As text</h2><pre>{}</pre>{html}",
        linked(&letter.text),
    );
    document(&letter.subject, "", &body)
}

/// There is no such page.
pub(super) fn nothing() -> String {
    document("Nothing here", "", "<h1>Nothing here</h1><p><a href=\"/\">All messages</a></p>")
}

fn document(title: &str, head: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang=en><head><meta charset=utf-8>\
         <meta name=viewport content=\"width=device-width, initial-scale=1\">{head}\
         <title>{} · Inbox of the demo</title><link rel=stylesheet href=\"/style.css\"></head>\
         <body><header>Inbox of the demo</header><main>{body}</main></body></html>",
        escaped(title),
    )
}

/// Text as text.
fn escaped(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => written.push_str("&amp;"),
            '<' => written.push_str("&lt;"),
            '>' => written.push_str("&gt;"),
            '"' => written.push_str("&quot;"),
            '\'' => written.push_str("&#39;"),
            c => written.push(c),
        }
    }
    written
}

/// Text as text, in which words that are addresses of web pages lead there.
fn linked(text: &str) -> String {
    let link = |word: &str| {
        let written = escaped(word);
        let is_web = word.starts_with("http://") || word.starts_with("https://");
        if is_web {
            format!("<a href=\"{written}\" target=_blank rel=\"noopener noreferrer\">{written}</a>")
        } else {
            written
        }
    };
    text.split_inclusive(char::is_whitespace)
        .map(|word| {
            let bare = word.trim_end();
            format!("{}{}", link(bare), escaped(&word[bare.len()..]))
        })
        .collect()
}

fn shortened(line: &str) -> String {
    const LONGEST: usize = 160;
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

fn clock(at: Timestamp) -> String {
    at.strftime("%H:%M:%S").to_string()
}
