use super::*;

fn judge(address: &str, purpose: Purpose, outbound: config::Outbound) -> Result<(), Refusal> {
    Rule { outbound, purpose }.judge(address.parse().unwrap())
}

const EVERYTHING: config::Outbound = config::Outbound {
    allow_loopback: true,
    allow_private_scrapes: true,
    allow_private_webhooks: true,
};

#[test]
fn link_local_and_metadata_addresses_are_never_called() {
    for address in [
        "169.254.169.254",
        "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "2002:a9fe:a9fe::1",
        "fe80::1",
        "fd00:ec2::254",
        "100.100.100.200",
        "192.0.0.192",
        "168.63.129.16",
        "::ffff:168.63.129.16",
        "0.0.0.0",
        "::",
        "224.0.0.1",
        "255.255.255.255",
    ] {
        let judged = judge(address, Purpose::Scrape, EVERYTHING);
        assert!(matches!(judged, Err(Refusal::Never(_))), "{address}: {judged:?}");
    }
}

#[test]
fn loopback_needs_the_configuration_that_names_it() {
    for address in ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"] {
        let judged = judge(address, Purpose::Webhook, config::Outbound::default());
        assert!(matches!(judged, Err(Refusal::Loopback(_))), "{address}: {judged:?}");
        assert_eq!(judge(address, Purpose::Webhook, EVERYTHING), Ok(()));
    }
}

#[test]
fn private_ranges_are_for_scrapes_unless_configured_for_webhooks() {
    for address in ["10.1.2.3", "172.16.0.1", "192.168.1.1", "100.64.0.1", "fd12::1"] {
        let default = config::Outbound::default();
        assert_eq!(judge(address, Purpose::Scrape, default), Ok(()), "{address}");
        assert!(judge(address, Purpose::Webhook, default).is_err(), "{address}");
        assert_eq!(judge(address, Purpose::Webhook, EVERYTHING), Ok(()), "{address}");
    }
    for address in ["1.1.1.1", "168.63.129.17", "172.32.0.1", "2606:4700::1111"] {
        let nothing = config::Outbound {
            allow_loopback: false,
            allow_private_scrapes: false,
            allow_private_webhooks: false,
        };
        assert_eq!(judge(address, Purpose::Webhook, nothing), Ok(()), "{address}");
    }
}

#[test]
fn literal_addresses_and_odd_schemes_are_refused_before_any_connection() {
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let client = Client::new(config::Outbound::default(), Purpose::Webhook).unwrap();
    for url in ["http://127.0.0.1/", "http://[::1]:9/", "http://0x7f.1/", "http://2130706433/"] {
        let refused = client.request(reqwest::Method::POST, url);
        assert!(matches!(refused, Err(UrlError::Refused(Refusal::Loopback(_)))), "{url}");
    }
    for url in ["file:///etc/passwd", "ftp://example.org/", "nonsense"] {
        let refused = client.request(reqwest::Method::POST, url);
        assert!(matches!(refused, Err(UrlError::Unusable(_))), "{url}");
    }
}

#[tokio::test]
async fn a_mail_server_may_be_near_and_is_never_a_metadata_service() {
    for near in ["127.0.0.1", "::1", "10.1.2.3", "192.168.7.7", "fd00::7"] {
        let found = mail_addresses(near, 25).await.unwrap();
        assert_eq!(found.len(), 1, "{near}");
    }
    for never in ["169.254.169.254", "100.100.100.200", "fe80::1", "0.0.0.0", "224.0.0.1"] {
        let refused = mail_addresses(never, 25).await.unwrap_err();
        assert!(refused.contains("never called"), "{never}: {refused}");
    }
}
