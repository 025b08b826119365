//! OpenSSL's names of the cipher suites that rustls implements.
//!
//! `tls-ciphers` is an expression: names and groups that add suites, in order, remove them (`-`, `!`) or move them to
//! the end (`+`). As in OpenSSL, unknown names are ignored, including all suites that rustls does not implement: those
//! without forward secrecy, in CBC mode, or older. An empty result is refused.

use rustls::SupportedCipherSuite;
use rustls::crypto::ring::cipher_suite as suites;

/// A TLS 1.2 suite, its name, and the words that select it in `tls-ciphers`.
struct Old {
    suite: SupportedCipherSuite,
    name: &'static str,
    words: &'static [&'static str],
}

/// The groups of OpenSSL that contain every suite listed here.
const EVERY: &[&str] = &["DEFAULT", "ALL", "HIGH", "ECDH", "ECDHE", "kECDHE", "EECDH", "kEECDH", "AEAD", "TLSv1.2"];

/// In order of preference.
const OLD: &[Old] = &[
    Old {
        suite: suites::TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
        name: "ECDHE-ECDSA-AES256-GCM-SHA384",
        words: &["aECDSA", "ECDSA", "AES", "AES256", "AESGCM", "SHA384"],
    },
    Old {
        suite: suites::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        name: "ECDHE-ECDSA-AES128-GCM-SHA256",
        words: &["aECDSA", "ECDSA", "AES", "AES128", "AESGCM", "SHA256"],
    },
    Old {
        suite: suites::TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
        name: "ECDHE-ECDSA-CHACHA20-POLY1305",
        words: &["aECDSA", "ECDSA", "CHACHA20"],
    },
    Old {
        suite: suites::TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        name: "ECDHE-RSA-AES256-GCM-SHA384",
        words: &["aRSA", "AES", "AES256", "AESGCM", "SHA384"],
    },
    Old {
        suite: suites::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        name: "ECDHE-RSA-AES128-GCM-SHA256",
        words: &["aRSA", "AES", "AES128", "AESGCM", "SHA256"],
    },
    Old {
        suite: suites::TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
        name: "ECDHE-RSA-CHACHA20-POLY1305",
        words: &["aRSA", "CHACHA20"],
    },
];

/// The suites of TLS 1.3, in order of preference.
const NEW: &[(SupportedCipherSuite, &str)] = &[
    (suites::TLS13_AES_256_GCM_SHA384, "TLS_AES_256_GCM_SHA384"),
    (suites::TLS13_AES_128_GCM_SHA256, "TLS_AES_128_GCM_SHA256"),
    (suites::TLS13_CHACHA20_POLY1305_SHA256, "TLS_CHACHA20_POLY1305_SHA256"),
];

impl Old {
    /// Whether an expression such as `ECDHE+AESGCM` selects the suite.
    fn is_meant(&self, expression: &str) -> bool {
        expression.split('+').all(|word| self.name == word || EVERY.contains(&word) || self.words.contains(&word))
    }
}

/// The TLS 1.2 suites that `tls-ciphers` allows; `None` if it allows none of those listed here.
pub(super) fn old(text: &str) -> Option<Vec<SupportedCipherSuite>> {
    if text.is_empty() {
        return Some(OLD.iter().map(|old| old.suite).collect());
    }
    let (mut chosen, mut banned) = (Vec::<&Old>::new(), Vec::<&str>::new());
    for part in text.split([':', ',', ' ', ';']).filter(|part| !part.is_empty()) {
        let (sign, expression) = match part.as_bytes()[0] {
            sign @ (b'!' | b'-' | b'+') => (sign, &part[1..]),
            // Sort order and minimum strength: all suites here are strong, and keep their order.
            b'@' => continue,
            _ => (b' ', part),
        };
        let is_meant = |old: &&Old| old.is_meant(expression);
        match sign {
            b'+' => {
                let (last, first): (Vec<&Old>, Vec<&Old>) = chosen.into_iter().partition(is_meant);
                chosen = first.into_iter().chain(last).collect();
            }
            b' ' => {
                let is_new = |old: &&Old| {
                    !banned.iter().any(|word| old.is_meant(word)) && !chosen.iter().any(|o| o.name == old.name)
                };
                let more: Vec<&Old> = OLD.iter().filter(is_meant).filter(is_new).collect();
                chosen.extend(more);
            }
            _ => {
                chosen.retain(|old| !is_meant(old));
                if sign == b'!' {
                    banned.push(expression);
                }
            }
        }
    }
    (!chosen.is_empty()).then(|| chosen.into_iter().map(|old| old.suite).collect())
}

/// The TLS 1.3 suites that `tls-ciphersuites` lists; `None` if it lists none of those listed here.
pub(super) fn new(text: &str) -> Option<Vec<SupportedCipherSuite>> {
    if text.is_empty() {
        return Some(NEW.iter().map(|(suite, _)| *suite).collect());
    }
    let named = |name: &str| NEW.iter().find(|(_, known)| *known == name).map(|(suite, _)| *suite);
    let mut listed: Vec<SupportedCipherSuite> = Vec::new();
    for suite in text.split([':', ',', ' ']).filter_map(named) {
        if !listed.contains(&suite) {
            listed.push(suite);
        }
    }
    (!listed.is_empty()).then_some(listed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, names: &[&str]) {
        let chosen = old(text).unwrap_or_default();
        let found: Vec<&str> =
            chosen.iter().filter_map(|suite| Some(OLD.iter().find(|old| old.suite == *suite)?.name)).collect();
        assert_eq!(found, names, "{text}");
    }

    #[test]
    fn expressions_choose_suites() {
        let [a, b, c, d, e, f] = [0, 1, 2, 3, 4, 5].map(|index| OLD[index].name);
        check("", &[a, b, c, d, e, f]);
        check("DEFAULT:-AES128-SHA256", &[a, b, c, d, e, f]);
        check("DEFAULT:!CHACHA20:CHACHA20:@STRENGTH", &[a, b, d, e]);
        check("DEFAULT:-CHACHA20:CHACHA20", &[a, b, d, e, c, f]);
        check("ECDHE+AESGCM+aRSA", &[d, e]);
        check("HIGH:+ECDSA:!aNULL:!MD5", &[d, e, f, a, b, c]);
        check("ECDHE-RSA-AES128-GCM-SHA256 ECDHE-RSA-AES256-GCM-SHA384", &[e, d]);
        check("AES128-SHA256", &[]);
        check("!ALL", &[]);
    }

    #[test]
    fn suites_of_tls_1_3_are_listed_by_name() {
        assert_eq!(new("TLS_AES_128_CCM_SHA256:TLS_AES_128_GCM_SHA256").map(|suites| suites.len()), Some(1));
        assert_eq!(new("").map(|suites| suites.len()), Some(3));
        assert!(new("NO_SUCH_SUITE").is_none());
    }
}
