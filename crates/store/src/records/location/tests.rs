use super::*;

#[test]
fn a_store_is_read_by_its_scheme() {
    let read = |text: &str| text.parse::<Location>();
    assert_eq!(read("sqlite:records.db"), Ok(Location::Sqlite("records.db".into())));
    assert_eq!(read("sqlite:///var/r.db"), Ok(Location::Sqlite("/var/r.db".into())));
    for url in ["postgres://u:p@h:5433/db", "postgresql://h/db?sslmode=require"] {
        assert!(matches!(read(url), Ok(Location::Postgres(_))), "{url}");
    }
    assert_eq!(read("sqlite:"), Err(LocationError::NoPath));
    assert_eq!(read("mysql://u:p@h"), Err(LocationError::Scheme("mysql".to_owned())));
}

/// Every way to write a password, some of them wrong, and what is shown of the URL.
#[test]
fn a_password_is_never_shown() {
    for (url, shown) in [
        ("postgres://u:hunter2@h:5433/db", "postgres://u:…@h:5433/db"),
        ("postgres://u:hunter2@h/db?sslmode=prefer", "postgres://u:…@h/db?…"),
        ("postgres://u@h/db?password=hunter2", "postgres://u@h/db?…"),
        ("postgres://u@h/db?password=x@hunter2", "postgres://u:…@…"),
        ("postgres://u:x@hunter2@h/db", "postgres://u:…@h/db"),
        ("postgres://u:x/hunter2@h/db", "postgres://u:…@h/db"),
        ("postgres://u:x?hunter2@h/db", "postgres://u:…@…"),
        ("postgres://u:hunter2@h:port/db", "postgres://u:…@h:port/db"),
        ("postgres://u@h/db?passwd=hunter2", "postgres://u@h/db?…"),
        ("postgres:hunter2", "postgres://"),
        ("hunter2@h", "hunter2"),
    ] {
        match url.parse::<Location>() {
            Ok(location) => {
                assert_eq!(location.to_string(), shown);
                assert!(!format!("{location:?}").contains("hunter2"), "{location:?}");
            }
            Err(LocationError::Scheme(_)) => assert_eq!(url, "hunter2@h"),
            Err(error) => {
                let text = error.to_string();
                assert!(text.contains(shown) && !text.contains("hunter2"), "{text}");
                assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
            }
        }
    }
}

#[test]
fn a_url_that_cannot_be_read_says_how_to_write_one() {
    let error = "postgres://u:p/w@h/db".parse::<Location>().unwrap_err().to_string();
    assert!(error.contains("percent-encoded"), "{error}");
    let error = "postgres://u@h/db?sslmod=require".parse::<Location>().unwrap_err().to_string();
    assert!(error.contains("`sslmod` is no parameter"), "{error}");
}
