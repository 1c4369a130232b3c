//! Since when a certificate is valid: the one thing that is read of a certificate.

/// The longest text that is looked at, in bytes: a root certificate has some hundreds.
const LONGEST: usize = 64 << 10;

/// The start of the validity of the first certificate in a PEM text, RFC 3339 in UTC.
///
/// Walks the DER (X.690) of RFC 5280, section 4.1: a sequence that begins with a sequence of
/// version, serial number, algorithm, issuer, and the validity.
pub(super) fn not_before(pem: &str) -> Option<String> {
    let pem = pem.get(..LONGEST.min(pem.len()))?;
    let (_, body) = pem.split_once("-----BEGIN CERTIFICATE-----")?;
    let (body, _) = body.split_once("-----END CERTIFICATE-----")?;
    let der = base64(body)?;
    let (_, certificate, _) = element(&der)?;
    let (_, mut fields, _) = element(certificate)?;
    let mut parts = Vec::new();
    while parts.len() < 5 {
        let (tag, content, rest) = element(fields)?;
        // The version is optional, and tagged.
        if tag != 0xa0 {
            parts.push((tag, content));
        }
        fields = rest;
        if parts.len() == 4 {
            break;
        }
    }
    let (_, validity) = parts.get(3)?;
    let (tag, time, _) = element(validity)?;
    instant(tag, std::str::from_utf8(time).ok()?)
}

/// The tag and content of the element at the front, and what follows it.
fn element(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = der.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = if first < 0x80 {
        (usize::from(first), rest)
    } else {
        let count = usize::from(first & 0x7f);
        let bytes = rest.get(..count).filter(|bytes| (1..=4).contains(&bytes.len()))?;
        let length = bytes.iter().fold(0_usize, |length, byte| length << 8 | usize::from(*byte));
        (length, rest.get(count..)?)
    };
    Some((tag, rest.get(..length)?, rest.get(length..)?))
}

/// `170424214300Z` (`UTCTime`) or `20170424214300Z` (`GeneralizedTime`).
fn instant(tag: u8, text: &str) -> Option<String> {
    let digits = text.strip_suffix('Z')?;
    let digits = match tag {
        // Two digits of a year before 2050.
        0x17 if digits.len() == 12 => {
            let century = if digits.get(..2)? < "50" { "20" } else { "19" };
            format!("{century}{digits}")
        }
        0x18 if digits.len() == 14 => digits.to_owned(),
        _ => return None,
    };
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let part = |range: std::ops::Range<usize>| digits.get(range);
    Some(format!(
        "{}-{}-{}T{}:{}:{}Z",
        part(0..4)?,
        part(4..6)?,
        part(6..8)?,
        part(8..10)?,
        part(10..12)?,
        part(12..14)?
    ))
}

fn base64(text: &str) -> Option<Vec<u8>> {
    let (mut bits, mut count) = (0_u32, 0);
    let mut out = Vec::new();
    for byte in text.bytes().filter(|byte| !byte.is_ascii_whitespace()) {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => break,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push(u8::try_from(bits >> count & 0xff).ok()?);
            bits &= (1 << count) - 1;
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_start_of_validity_is_found() {
        // The certificate of the engine API's documentation of `docker info`.
        let pem = "-----BEGIN CERTIFICATE-----\n\
            MIIBajCCARCgAwIBAgIUbYqrLSOSQHoxD8CwG6Bi2PJi9c8wCgYIKoZIzj0EAwIw\n\
            EzERMA8GA1UEAxMIc3dhcm0tY2EwHhcNMTcwNDI0MjE0MzAwWhcNMzcwNDE5MjE0\n\
            MzAwWjATMREwDwYDVQQDEwhzd2FybS1jYTBZMBMGByqGSM49AgEGCCqGSM49AwEH\n\
            A0IABJk/VyMPYdaqDXJb/VXh5n/1Yuv7iNrxV3Qb3l06XD46seovcDWs3IZNV1lf\n\
            3Skyr0ofcchipoiHkXBODojJydSjQjBAMA4GA1UdDwEB/wQEAwIBBjAPBgNVHRMB\n\
            Af8EBTADAQH/MB0GA1UdDgQWBBRUXxuRcnFjDfR/RIAUQab8ZV/n4jAKBggqhkjO\n\
            PQQDAgNIADBFAiAy+JTe6Uc3KyLCMiqGl2GyWGQqQDEcO3/YG36x7om65AIhAJvz\n\
            pxv6zFeVEkAEEkqIYi0omA9+CjanB/6Bz4n1uw8H\n-----END CERTIFICATE-----\n";
        assert_eq!(not_before(pem).as_deref(), Some("2017-04-24T21:43:00Z"));
        let pem = pem.trim_end();
        for at in 0..pem.len() {
            assert_eq!(not_before(&pem[..at]), None, "{at}");
        }
        assert_eq!(instant(0x17, "991231235959Z").as_deref(), Some("1999-12-31T23:59:59Z"));
        assert_eq!(instant(0x18, "20500101000000Z").as_deref(), Some("2050-01-01T00:00:00Z"));
        assert_eq!(instant(0x17, "9912312359é9Z"), None);
    }
}
