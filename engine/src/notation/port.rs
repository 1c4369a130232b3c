//! Port specifications: `[[ip:]published:]target[/protocol]`, with ranges.
//!
//! Owns what `EXPOSE`, `docker run -p` and the short syntax of compose share, as
//! [go-connections/nat] and BuildKit parse it. Ranges stay ranges; [`PortSpec::bindings`] expands
//! them one at a time.
//!
//! [go-connections/nat]: https://github.com/docker/go-connections/tree/main/nat

use std::fmt;
use std::net::IpAddr;

/// Consecutive ports, both ends included; `start` is never above `end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PortRange {
    /// The first port.
    pub start: u16,
    /// The last port.
    pub end: u16,
}

/// A transport protocol that ports are published for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Protocol {
    /// TCP, the default.
    #[default]
    Tcp,
    /// UDP.
    Udp,
    /// SCTP.
    Sctp,
}

/// A parsed port specification.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PortSpec {
    /// The address on the host as written, without brackets; an IP address, never a name.
    pub host_ip: Option<String>,
    /// Ports on the host. As many as in `target`, or, when `target` is one port, a range to choose
    /// from. Absent: not given, so the engine chooses if the port is published at all.
    pub published: Option<PortRange>,
    /// Ports in the container.
    pub target: PortRange,
    /// The protocol.
    pub protocol: Protocol,
}

/// One port of a [`PortSpec`]; its text is `ip:published:target/protocol`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PortBinding<'a> {
    /// The address on the host.
    pub host_ip: Option<&'a str>,
    /// The port on the host, or the range to choose it from.
    pub published: Option<PortRange>,
    /// The port in the container.
    pub target: u16,
    /// The protocol.
    pub protocol: Protocol,
}

/// Why a text is not a port number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PortNumberError {
    /// There is nothing.
    Empty,
    /// Not a decimal number.
    Syntax,
    /// A number outside 0–65535.
    OutOfRange,
}

/// Why a text is not a range of ports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PortRangeError {
    /// There is nothing.
    Empty,
    /// The first port, given here, is not one.
    Start(String, PortNumberError),
    /// The last port, given here, is not one.
    End(String, PortNumberError),
    /// The range, given here, ends before it starts.
    Reversed(String),
}

/// Why a text is not a port specification.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PortSpecError {
    /// There is no container port in this specification.
    NoPort(String),
    /// Not `tcp`, `udp` or `sctp`.
    Protocol(String),
    /// Not an IP address.
    Address(String),
    /// The container port is wrong.
    Target(String, PortRangeError),
    /// The host port is wrong.
    Published(String, PortRangeError),
    /// Container and host ranges of different lengths.
    Lengths {
        /// The container range.
        target: PortRange,
        /// The host range.
        published: PortRange,
    },
}

impl PortRange {
    /// A range of one port.
    #[must_use]
    pub fn single(port: u16) -> Self {
        PortRange { start: port, end: port }
    }

    /// The number of ports, at least 1.
    #[must_use]
    pub fn count(self) -> u32 {
        u32::from(self.end) - u32::from(self.start) + 1
    }

    /// Whether the port is in the range.
    #[must_use]
    pub fn contains(self, port: u16) -> bool {
        self.start <= port && port <= self.end
    }

    /// Parses `8080` or `8000-9000`.
    ///
    /// # Errors
    ///
    /// Says which end is wrong and why.
    pub fn parse(text: &str) -> Result<Self, PortRangeError> {
        if text.is_empty() {
            return Err(PortRangeError::Empty);
        }
        let (first, last) = match text.split_once('-') {
            Some((first, last)) => (first, Some(last)),
            None => (text, None),
        };
        let start =
            parse_number(first).map_err(|error| PortRangeError::Start(first.to_owned(), error))?;
        let Some(last) = last else { return Ok(PortRange::single(start)) };
        let end =
            parse_number(last).map_err(|error| PortRangeError::End(last.to_owned(), error))?;
        if end < start {
            return Err(PortRangeError::Reversed(text.to_owned()));
        }
        Ok(PortRange { start, end })
    }
}

impl fmt::Display for PortRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.start == self.end {
            write!(f, "{}", self.start)
        } else {
            write!(f, "{}-{}", self.start, self.end)
        }
    }
}

impl Protocol {
    /// The name in lower case.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Protocol::Tcp => "tcp",
            Protocol::Udp => "udp",
            Protocol::Sctp => "sctp",
        }
    }

    /// Reads a name in any case.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Protocol::Tcp, Protocol::Udp, Protocol::Sctp]
            .into_iter()
            .find(|protocol| protocol.as_str().eq_ignore_ascii_case(text))
    }
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Parses one port number, 0–65535, in decimal; leading zeros and a sign are allowed, as in Go.
///
/// # Errors
///
/// Says why it is none.
pub fn parse_number(text: &str) -> Result<u16, PortNumberError> {
    if text.is_empty() {
        return Err(PortNumberError::Empty);
    }
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(PortNumberError::Syntax);
    }
    let significant = digits.trim_start_matches('0');
    match (significant, text.starts_with('-')) {
        ("", _) => Ok(0),
        (_, true) => Err(PortNumberError::OutOfRange),
        (number, false) => number.parse().map_err(|_| PortNumberError::OutOfRange),
    }
}

/// Splits `port[/protocol]` into port and protocol, neither of them validated; the protocol
/// defaults to `tcp`. Without a port both are empty (`SplitProtoPort`).
#[must_use]
pub fn split_protocol(text: &str) -> (&str, &str) {
    match text.split_once('/') {
        Some(("", _)) => ("", ""),
        Some((port, "")) => (port, Protocol::Tcp.as_str()),
        Some((port, protocol)) => (port, protocol),
        None if text.is_empty() => ("", ""),
        None => (text, Protocol::Tcp.as_str()),
    }
}

impl PortSpec {
    /// Parses a port specification (`ParsePortSpec`).
    ///
    /// # Errors
    ///
    /// The first thing that is wrong.
    pub fn parse(text: &str) -> Result<Self, PortSpecError> {
        let (ip, published, target) = split_parts(text);
        let (target_text, protocol) = split_protocol(target);
        if target_text.is_empty() {
            return Err(PortSpecError::NoPort(text.to_owned()));
        }
        let protocol = Protocol::parse(protocol)
            .ok_or_else(|| PortSpecError::Protocol(protocol.to_owned()))?;
        let host_ip = parse_host_ip(ip)?;
        let target = PortRange::parse(target_text)
            .map_err(|error| PortSpecError::Target(target_text.to_owned(), error))?;
        let published = match published {
            "" => None,
            text => Some(
                PortRange::parse(text)
                    .map_err(|error| PortSpecError::Published(text.to_owned(), error))?,
            ),
        };
        if let Some(published) = published
            && target.count() != 1
            && published.count() != target.count()
        {
            return Err(PortSpecError::Lengths { target, published });
        }
        Ok(PortSpec { host_ip, published, target, protocol })
    }

    /// The ports one by one, lowest first.
    pub fn bindings(&self) -> impl Iterator<Item = PortBinding<'_>> {
        (self.target.start..=self.target.end).map(|target| PortBinding {
            host_ip: self.host_ip.as_deref(),
            published: match self.published {
                Some(published) if self.target.count() > 1 => {
                    let offset = target - self.target.start;
                    published.start.checked_add(offset).map(PortRange::single)
                }
                published => published,
            },
            target,
            protocol: self.protocol,
        })
    }
}

impl fmt::Display for PortSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_host(f, self.host_ip.as_deref(), self.published)?;
        write!(f, "{}/{}", self.target, self.protocol)
    }
}

impl fmt::Display for PortBinding<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_host(f, self.host_ip, self.published)?;
        write!(f, "{}/{}", self.target, self.protocol)
    }
}

fn write_host(
    f: &mut fmt::Formatter<'_>,
    ip: Option<&str>,
    published: Option<PortRange>,
) -> fmt::Result {
    match ip.unwrap_or_default() {
        ip if ip.contains(':') => write!(f, "[{ip}]:")?,
        ip => write!(f, "{ip}:")?,
    }
    match published {
        Some(published) => write!(f, "{published}:"),
        None => f.write_str(":"),
    }
}

/// Address, host port and container port. All colons before the last two belong to the address.
fn split_parts(text: &str) -> (&str, &str, &str) {
    let Some((rest, target)) = text.rsplit_once(':') else { return ("", "", text) };
    let (ip, published) = rest.rsplit_once(':').unwrap_or(("", rest));
    (ip, published, target)
}

fn parse_host_ip(text: &str) -> Result<Option<String>, PortSpecError> {
    if text.is_empty() {
        return Ok(None);
    }
    let fail = || PortSpecError::Address(text.to_owned());
    let ip = match text.strip_prefix('[') {
        Some(rest) => rest.strip_suffix(']').ok_or_else(fail)?,
        None => text,
    };
    if ip.is_empty() {
        // `[]:80:80`: Go takes the brackets off and finds no address.
        return Ok(None);
    }
    ip.parse::<IpAddr>().map_err(|_| fail())?;
    Ok(Some(ip.to_owned()))
}

impl fmt::Display for PortNumberError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            PortNumberError::Empty => "value is empty",
            PortNumberError::Syntax => "invalid syntax",
            PortNumberError::OutOfRange => "value out of range (0–65535)",
        })
    }
}

impl fmt::Display for PortRangeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PortRangeError::Empty => f.write_str("empty string specified for ports"),
            PortRangeError::Start(port, error) => write!(f, "invalid start port '{port}': {error}"),
            PortRangeError::End(port, error) => write!(f, "invalid end port '{port}': {error}"),
            PortRangeError::Reversed(range) => write!(f, "invalid port range: {range}"),
        }
    }
}

impl fmt::Display for PortSpecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PortSpecError::NoPort(text) => write!(f, "invalid port: \"{text}\": no port specified"),
            PortSpecError::Protocol(text) => write!(f, "invalid protocol: {text}"),
            PortSpecError::Address(text) => write!(f, "invalid IP address: {text}"),
            PortSpecError::Target(text, error) => {
                write!(f, "invalid container port: {text}: {error}")
            }
            PortSpecError::Published(text, error) => {
                write!(f, "invalid host port: {text}: {error}")
            }
            PortSpecError::Lengths { target, published } => write!(
                f,
                "invalid ranges specified for container and host ports: {target} and {published}"
            ),
        }
    }
}

impl std::error::Error for PortNumberError {}
impl std::error::Error for PortRangeError {}
impl std::error::Error for PortSpecError {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn specifications() {
        let cases = [
            ("80", "::80/tcp", 1),
            ("80/UDP", "::80/udp", 1),
            ("8080:80", ":8080:80/tcp", 1),
            ("0-65535", "::0-65535/tcp", 65536),
            ("65535:65535", ":65535:65535/tcp", 1),
            ("8000-8002:80-82", ":8000-8002:80-82/tcp", 3),
            ("8000-9000:80", ":8000-9000:80/tcp", 1),
            ("127.0.0.1::80", "127.0.0.1::80/tcp", 1),
            ("[::1]:80:80/sctp", "[::1]:80:80/sctp", 1),
            ("::ffff:1.2.3.4:80:80", "[::ffff:1.2.3.4]:80:80/tcp", 1),
        ];
        for (text, formatted, count) in cases {
            let spec = PortSpec::parse(text).unwrap();
            assert_eq!(spec.to_string(), formatted, "{text}");
            assert_eq!(spec.bindings().count(), count, "{text}");
        }
    }

    #[test]
    fn ranges_pair_up() {
        let spec = PortSpec::parse("8000-8001:80-81").unwrap();
        let pairs: Vec<_> = spec.bindings().map(|b| b.to_string()).collect();
        assert_eq!(pairs, [":8000:80/tcp", ":8001:81/tcp"]);
        let spec = PortSpec::parse("8000-9000:80").unwrap();
        let pairs: Vec<_> = spec.bindings().map(|b| b.to_string()).collect();
        assert_eq!(pairs, [":8000-9000:80/tcp"]);
    }

    #[test]
    fn refusals() {
        let cases = [
            ("localhost:80:80", "invalid IP address: localhost"),
            ("1.2.3:80:80", "invalid IP address: 1.2.3"),
            ("[::1:80:80", "invalid IP address: [::1"),
            ("fe80::1%eth0:80:80", "invalid IP address: fe80::1%eth0"),
            ("80/icmp", "invalid protocol: icmp"),
            ("80/tcp/udp", "invalid protocol: tcp/udp"),
            ("$PORT", "invalid container port: $PORT: invalid start port '$PORT': invalid syntax"),
            ("x:80", "invalid host port: x: invalid start port 'x': invalid syntax"),
            ("1-3:80-81", "invalid ranges specified for container and host ports: 80-81 and 1-3"),
            ("1:80-81", "invalid ranges specified for container and host ports: 80-81 and 1"),
            ("80:", "invalid port: \"80:\": no port specified"),
        ];
        for (text, message) in cases {
            assert_eq!(PortSpec::parse(text).unwrap_err().to_string(), message, "{text}");
        }
    }

    #[test]
    fn numbers() {
        let cases = [
            ("+80", Ok(80)),
            ("0080", Ok(80)),
            ("-0", Ok(0)),
            ("-", Err(PortNumberError::Syntax)),
            ("65536", Err(PortNumberError::OutOfRange)),
            ("99999999999999999999999", Err(PortNumberError::OutOfRange)),
            ("0x50", Err(PortNumberError::Syntax)),
            ("٣", Err(PortNumberError::Syntax)),
        ];
        for (text, expected) in cases {
            assert_eq!(parse_number(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn arbitrary_text_never_panics(text in "\\PC*|[0-9:./\\[\\]tcpu-]{0,16}") {
            if let Ok(spec) = PortSpec::parse(&text) {
                prop_assert_eq!(&PortSpec::parse(&spec.to_string()).unwrap(), &spec);
                prop_assert_eq!(spec.bindings().count(), spec.target.count() as usize);
            }
        }
    }
}
