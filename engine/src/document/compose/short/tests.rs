use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::{Value as Json, json};

use super::*;
use crate::document::compose::interpolate::interpolate;
use crate::document::compose::variables::Variables;
use crate::source::Source;
use crate::yaml;

fn tree(text: &str) -> (Node, Vec<Diagnostic>) {
    let source = Source::new("compose.yaml", text);
    let node = yaml::parse(&source, yaml::Limits::default())
        .unwrap_or_else(|problems| panic!("{text}: {problems:?}"));
    let mut node = Node::from_yaml(&source, node);
    let mut problems = Vec::new();
    interpolate(&mut node, &Variables::default(), &mut problems);
    assert!(problems.is_empty(), "{text}: {problems:?}");
    canonicalise(&mut node, &mut problems);
    (node, problems)
}

/// What is said; a text that is not known after a `?`, what is not known and no text as `?`.
fn said(node: &Node) -> Json {
    match &node.value {
        Value::Str(text) if node.is_unknown() => json!(format!("?{text}")),
        Value::Map(map) => {
            map.iter().map(|(key, entry)| (key.clone(), said(&entry.node))).collect()
        }
        Value::Seq(items) => items.iter().map(said).collect(),
        _ if node.is_unknown() => json!("?"),
        Value::Null => Json::Null,
        Value::Bool(value) => json!(value),
        Value::Int(value) => json!(value),
        Value::Float(value) => json!(value),
        Value::Str(text) => json!(text),
    }
}

/// What a service's key becomes, and what is wrong with it.
fn service(text: &str) -> (Json, Vec<String>) {
    let (root, problems) = tree(&format!("services: {{a: {{{text}}}}}"));
    let key = text.split(':').next().unwrap_or_default();
    let value = root.get("services").and_then(|node| node.get("a")).and_then(|node| node.get(key));
    let problems = problems.into_iter().map(|problem| problem.message).collect();
    (said(value.expect("the key")), problems)
}

/// What the oracle, Docker Compose 5.6.1, prints, before its defaults.
#[test]
fn short_forms_become_long_ones() {
    for (text, expected) in [
        ("build: .", json!({"context": "."})),
        (
            "build: {args: [A, B=c=d], labels: [x=y, z], no_cache_filter: x}",
            json!({"args": {"A": null, "B": "c=d"}, "labels": {"x": "y", "z": ""}, "no_cache_filter": ["x"]}),
        ),
        (
            "build: {ssh: [default, a=b], additional_contexts: [a=b], secrets: [s, {source: t}]}",
            json!({"ssh": {"default": null, "a": "b"}, "additional_contexts": {"a": "b"}, "secrets": [{"source": "s"}, {"source": "t"}]}),
        ),
        ("environment: [A, B=, C=1=2, =x]", json!({"A": null, "B": "", "C": "1=2", "": "x"})),
        ("environment: [A=1, A]", json!({"A": null})),
        ("environment: {A: , B: 1}", json!({"A": null, "B": 1})),
        (
            "labels: [a, b=, c=1, '', ' d =e ']",
            json!({"a": "", "b": "", "c": "1", "": "", " d ": "e "}),
        ),
        ("annotations: [a=b]", json!({"a": "b"})),
        ("sysctls: [a=b]", json!({"a": "b"})),
        ("deploy: {labels: [a]}", json!({"labels": {"a": ""}})),
        (
            "extra_hosts: ['a:1.2.3.4', 'b=::1', 'a:[::2]', 'h:host-gateway', 'c=[]']",
            json!({"a": ["1.2.3.4", "::2"], "b": ["::1"], "h": ["host-gateway"], "c": ["[]"]}),
        ),
        ("extra_hosts: {a: 1.2.3.4, b: ['[::1]']}", json!({"a": ["1.2.3.4"], "b": ["::1"]})),
        (
            "depends_on: [b, c]",
            json!({"b": {"condition": "service_started", "required": true}, "c": {"condition": "service_started", "required": true}}),
        ),
        ("depends_on: {b: {condition: x}}", json!({"b": {"condition": "x", "required": true}})),
        ("depends_on: {b: {required: false}}", json!({"b": {"required": false}})),
        ("dns: 1.1.1.1", json!(["1.1.1.1"])),
        ("dns_search: [a]", json!(["a"])),
        ("tmpfs: /run", json!(["/run"])),
        ("label_file: a", json!(["a"])),
        ("env_file: a", json!([{"path": "a", "required": true}])),
        (
            "env_file: [a, {path: b, required: false}, {path: c}]",
            json!([{"path": "a", "required": true}, {"path": "b", "required": false}, {"path": "c", "required": true}]),
        ),
        ("extends: b", json!({"service": "b"})),
        ("networks: [a, b]", json!({"a": null, "b": null})),
        ("models: [a]", json!({"a": null})),
        ("secrets: [a, {source: b}]", json!([{"source": "a"}, {"source": "b"}])),
        ("configs: [a]", json!([{"source": "a"}])),
        (
            "devices: ['/a', '/a:/b', '/a:/b:r', '/a::r', ':b']",
            json!([
                {"source": "/a", "target": "/a", "permissions": "rwm"},
                {"source": "/a", "target": "/b", "permissions": "rwm"},
                {"source": "/a", "target": "/b", "permissions": "r"},
                {"source": "/a", "target": "/a", "permissions": "r"},
                {"source": "", "target": "b", "permissions": "rwm"},
            ]),
        ),
        ("gpus: all", json!([{"count": "all"}])),
        ("gpus: [{count: 2}]", json!([{"count": 2}])),
        ("healthcheck: {test: curl x}", json!({"test": ["CMD-SHELL", "curl x"]})),
        ("healthcheck: {test: [NONE]}", json!({"test": ["NONE"]})),
        ("provider: {options: {a: b, c: [d]}}", json!({"options": {"a": ["b"], "c": ["d"]}})),
        (
            "post_start: [{command: a b, environment: [A]}]",
            json!([{"command": ["a", "b"], "environment": {"A": null}}]),
        ),
        (
            "develop: {watch: [{ignore: x, exec: {command: a}}]}",
            json!({"watch": [{"ignore": ["x"], "exec": {"command": ["a"]}}]}),
        ),
        ("command: null", Json::Null),
        ("command: [a, b c]", json!(["a", "b c"])),
        ("x-a: [A=b]", json!(["A=b"])),
    ] {
        assert_eq!(service(text), (expected, Vec::new()), "{text}");
    }
}

#[test]
fn command_lines_are_split_as_compose_does_it() {
    for (line, expected) in [
        ("", json!([])),
        (r#"a "b c" d\ e 'f g' h\"i"#, json!(["a", "b c", "d e", "f g", "h\"i"])),
        ("a && b | c", json!(["a"])),
        (";a", json!([])),
        ("a 2>b", json!(["a"])),
        ("2a>b", json!(["2a"])),
        ("a `b` c", json!(["a", "`b`", "c"])),
        ("a `b'c d'` e", json!(["a", "`b'c d'`", "e"])),
        ("a $(b \"c d\") e", json!(["a", "$(b \"c d\")", "e"])),
        (r"a $(b \) \n) `\n\`` d", json!(["a", r"$(b \) \n)", r"`\n\``", "d"])),
        ("a$(b`c)d", json!(["a$(b`c)d"])),
        ("\"$(a b)\" c", json!(["$(a b)", "c"])),
        ("  a\nb\tc\rd  ", json!(["a", "b", "c", "d"])),
        ("a # b", json!(["a", "#", "b"])),
        ("'' a", json!(["", "a"])),
        ("a'b'c\"d\"", json!(["abcd"])),
        ("é\u{a0}b", json!(["é\u{a0}b"])),
        (r#"'a\b' "a\b\"c""#, json!(["a\\b", "ab\"c"])),
        ("a\\\nb", json!(["a\nb"])),
        (r"a\tb \n \r", json!(["a\tb", "\n", "r"])),
        ("a b\";\"c", json!(["a", "b;c"])),
        ("a \"b`c\" d", json!(["a", "b`c", "d"])),
        ("\"\"", json!([""])),
        ("a \u{b} b", json!(["a", "\u{b}", "b"])),
    ] {
        let text = format!("command: {}", json!(line.replace('$', "$$")));
        assert_eq!(service(&text), (expected, Vec::new()), "{line:?}");
    }
    for line in ["a 'b", "a \"b", "a\\", "(a)", "a (b)", "`a", "$(a", "a ) b", "))"] {
        let (value, problems) = service(&format!("command: {}", json!(line.replace('$', "$$"))));
        assert_eq!(problems, ["invalid command line string"], "{line:?}");
        assert_eq!(value, json!(line));
    }
}

fn bind(source: &str, target: &str) -> Json {
    json!({"type": "bind", "source": source, "target": target, "bind": {"create_host_path": true}})
}

fn named(source: &str, target: &str) -> Json {
    json!({"type": "volume", "source": source, "target": target, "volume": {}})
}

fn with(mut json: Json, more: Json) -> Json {
    if let (Json::Object(map), Json::Object(more)) = (&mut json, more) {
        map.extend(more);
    }
    json
}

#[test]
fn volumes_are_split_as_compose_does_it() {
    let options = |more: Json| json!({"bind": with(json!({"create_host_path": true}), more)});
    for (text, expected) in [
        ("/pp", json!({"type": "volume", "target": "/pp", "volume": {}})),
        ("/p", json!({"type": "volume", "target": "/p"})),
        ("cc", json!({"type": "volume", "target": "cc"})),
        ("::", json!({"type": "volume", "target": "::"})),
        ("data:/t/../u", named("data", "/u")),
        ("data:x", named("data", "x")),
        ("data:/t:rw", named("data", "/t")),
        ("data:/t:ro,rw", named("data", "/t")),
        ("data:/t:xyz", named("data", "/t")),
        ("data:c:/t:ro", with(named("data", "c:/t"), json!({"read_only": true}))),
        ("data:/t:nocopy", with(named("data", "/t"), json!({"volume": {"nocopy": true}}))),
        ("data:/t:z", with(named("data", "/t"), json!({"bind": {"selinux": "z"}}))),
        ("a/b:/t", named("a/b", "/t")),
        ("./a/:/t/", bind("./a/", "/t")),
        ("~:/t", bind("~", "/t")),
        (".:/t", bind(".", "/t")),
        ("/a//b:/t//c/", bind("/a//b", "/t/c")),
        ("/a:/..", bind("/a", "/")),
        ("/a:../../b", bind("/a", "../../b")),
        ("/a:.", bind("/a", ".")),
        ("c:\\a:/t", bind("c:\\a", "/t")),
        ("c:/a:d:/b:ro", with(bind("c:/a", "d:/b"), json!({"read_only": true}))),
        ("v:/t:xyz", bind("v:/t", "xyz")),
        ("\\\\.\\pipe\\x:\\\\.\\pipe\\x", bind("\\\\.\\pipe\\x", "\\\\.\\pipe\\x")),
        ("/a/$${X:-b:c}:/t", bind("/a/${X:-b:c}", "/t")),
        (
            "/a:/t:Z,rprivate,ro",
            with(
                with(bind("/a", "/t"), json!({"read_only": true})),
                options(json!({"selinux": "Z", "propagation": "rprivate"})),
            ),
        ),
        ("/a:/t:nocopy", with(bind("/a", "/t"), json!({"volume": {"nocopy": true}}))),
        ("/a:/t:,", bind("/a", "/t")),
    ] {
        let text = format!("volumes: [{}]", json!(text));
        assert_eq!(service(&text), (json!([expected]), Vec::new()), "{text}");
    }
    for (text, fault) in [
        ("data:", "empty section between colons"),
        ("data::ro", "empty section between colons"),
        (":/x", "empty section between colons"),
        ("/a:/t:", "empty section between colons"),
        ("data:/t:ro:x", "too many colons"),
        ("data:/$${t", "missing a mount target"),
    ] {
        let (_, problems) = service(&format!("volumes: ['{text}']"));
        let text = text.replace("$$", "$");
        assert_eq!(problems, [format!("invalid spec: {text}: {fault}")]);
    }
    assert_eq!(service("volumes: ['']").1, ["invalid empty volume spec"]);
}

fn port(target: u16, more: Json) -> Json {
    with(json!({"mode": "ingress", "target": target, "protocol": "tcp"}), more)
}

#[test]
fn ports_are_split_as_compose_does_it() {
    for (text, expected) in [
        ("80", json!([port(80, json!({}))])),
        ("'80:81'", json!([port(81, json!({"published": "80"}))])),
        ("'127.0.0.1::81'", json!([port(81, json!({"host_ip": "127.0.0.1"}))])),
        ("'[::1]:80:81'", json!([port(81, json!({"host_ip": "::1", "published": "80"}))])),
        ("'::1:80:81'", json!([port(81, json!({"host_ip": "::1", "published": "80"}))])),
        ("'::81'", json!([port(81, json!({}))])),
        ("'80-82:90'", json!([port(90, json!({"published": "80-82"}))])),
        (
            "'80-81:90-91/udp'",
            json!([
                port(90, json!({"published": "80", "protocol": "udp"})),
                port(91, json!({"published": "81", "protocol": "udp"})),
            ]),
        ),
        ("90-91", json!([port(90, json!({})), port(91, json!({}))])),
        ("80/UDP", json!([port(80, json!({"protocol": "udp"}))])),
        ("'80:81/'", json!([port(81, json!({"published": "80"}))])),
        ("'+80'", json!([port(80, json!({}))])),
        ("{target: 80}", json!([{"target": 80}])),
    ] {
        assert_eq!(service(&format!("ports: [{text}]")), (expected, Vec::new()), "{text}");
    }
    for text in [
        "'80:'",
        "'1-3:5-6'",
        "65536",
        "'localhost:80:81'",
        "'[::1]:80'",
        "'80:81/tcp/udp'",
        "1-",
        "-1",
        "5-3",
        "' 80'",
        "''",
        "80.5",
        "'1.2.3.4:80'",
    ] {
        assert_eq!(service(&format!("ports: [{text}]")).1.len(), 1, "{text}");
    }
}

#[test]
fn what_has_no_long_form_is_told() {
    for (text, message) in [
        ("build: {ssh: [foo]}", "invalid ssh key \"foo\""),
        ("build: {additional_contexts: [a]}", "this is not a pair of `name=context`"),
        ("build: {ulimits: {x: '5'}}", "a limit of a build is a number, not text"),
        ("extra_hosts: [a]", "invalid additional host, missing IP: a"),
        ("extra_hosts: ['a:b=c']", "bad host name 'a:b'"),
        ("extra_hosts: {'a:b': c}", "bad host name 'a:b'"),
        ("devices: ['a:b:c:d']", "confusing device mapping, please use long syntax: a:b:c:d"),
        ("environment: [5]", "unexpected number in a list of `name=value`"),
        ("environment: ['A =1']", "environment variable A  is declared with a trailing space"),
    ] {
        assert_eq!(service(text).1, [message], "{text}");
    }
}

/// Variables that have no value: what is certain is split, and nothing is said that may be wrong.
#[test]
fn what_is_not_known_stays_so() {
    for (text, expected) in [
        ("ports: ['$P', '$P/udp']", json!(["?$P", "?$P/udp"])),
        ("ports: ['$P:80']", json!([port(80, json!({"host_ip": "?$P", "published": "?$P"}))])),
        (
            "ports: ['$I:80-81:90-91/udp']",
            json!([
                port(90, json!({"host_ip": "?$I", "published": "80", "protocol": "udp"})),
                port(91, json!({"host_ip": "?$I", "published": "81", "protocol": "udp"})),
            ]),
        ),
        (
            "ports: ['127.0.0.1:80:${P:-$Q}']",
            json!([{"mode": "ingress", "host_ip": "127.0.0.1", "target": "?${P:-$Q}", "published": "80", "protocol": "?${P:-$Q}"}]),
        ),
        ("volumes: [$V]", json!(["?$V"])),
        ("volumes: ['$V:/t']", json!([{"type": "?$V", "source": "?$V", "target": "/t"}])),
        ("volumes: ['./$V:/t']", json!([bind("?./$V", "/t")])),
        ("volumes: ['a$V:/t/../$$u']", json!([named("?a$V", "/$u")])),
        ("volumes: ['/a:/t:$M']", json!([with(bind("/a", "/t"), json!({"read_only": "?$M"}))])),
        ("volumes: ['/a:/t:$M,ro']", json!([with(bind("/a", "/t"), json!({"read_only": true}))])),
        (
            "devices: [$D, '/a:$D']",
            json!(["?$D", {"source": "/a", "target": "?$D", "permissions": "rwm"}]),
        ),
        (
            "environment: ['A=x$V', 'B=$$y', '$V', '$V=z', 'C=${W:-w}']",
            json!({"A": "?x$V", "B": "$y", "$V": "?z", "C": "w"}),
        ),
        ("environment: ['$V']", json!({"$V": "?"})),
        ("extra_hosts: ['a:$V', '$V']", json!({"a": ["?$V"], "$V": ["?"]})),
        ("depends_on: [$V]", json!({"$V": {"condition": "service_started", "required": true}})),
        ("networks: [$V]", json!({"$V": "?"})),
        ("build: $V", json!({"context": "?$V"})),
        ("command: a $V \"$$b\" c$V", json!(["a", "?$V", "$b", "?c$V"])),
        ("command: a \"$V", json!("?a \"$V")),
        ("healthcheck: {test: a $V}", json!({"test": ["CMD-SHELL", "?a $V"]})),
    ] {
        assert_eq!(service(text), (expected, Vec::new()), "{text}");
    }
    let (root, _) = tree("services: {a: {depends_on: [$V]}}");
    let service = root.get("services").and_then(|node| node.get("a"));
    let names = service.and_then(|node| node.get("depends_on")).and_then(Node::map);
    assert!(names.and_then(|names| names.get("$V")).is_some_and(|entry| entry.node.is_unknown()));
}

#[test]
fn what_is_external_has_its_name_beside_it() {
    let (root, problems) = tree(
        "networks: {a: {external: {name: q}}, b: {external: {}}, c: {external: true, labels: [x]}}",
    );
    let expected = json!({"networks": {
        "a": {"external": true, "name": "q"},
        "b": {"external": true},
        "c": {"external": true, "labels": {"x": ""}},
    }});
    assert_eq!(said(&root), expected);
    assert_eq!(problems.len(), 1, "{problems:?}");
    let (_, problems) = tree("volumes: {a: {external: {name: q}, name: r}}");
    assert_eq!(problems[1].message, "volumes.a: name and external.name conflict");
    let (root, _) = tree("include: [a, {path: b, env_file: c}]");
    assert_eq!(
        said(&root),
        json!({"include": [{"path": ["a"]}, {"path": ["b"], "env_file": ["c"]}]})
    );
}

#[test]
fn parts_have_the_places_of_parts() {
    let text = "\
services:
  a:
    ports: ['127.0.0.1:8080:80/udp']
    environment: [NAME=value]
    volumes: [\"./src:/app:ro\", '${D}:/data']
    command: run --port=${P:-1} 'x y'
";
    let (root, problems) = tree(text);
    assert!(problems.is_empty(), "{problems:?}");
    let place = |path: &str| {
        let step = |node: &'_ Node, key: &str| match key.parse::<usize>() {
            Ok(index) => node.items()[index].clone(),
            Err(_) => node.get(key).unwrap_or_else(|| panic!("{key} of {path}")).clone(),
        };
        let node = path.split('/').fold(root.clone(), |node, key| step(&node, key));
        node.place.text().to_owned()
    };
    for (path, expected) in [
        ("ports/0", "'127.0.0.1:8080:80/udp'"),
        ("ports/0/host_ip", "127.0.0.1"),
        ("ports/0/published", "8080"),
        ("ports/0/target", "80"),
        ("ports/0/protocol", "udp"),
        ("ports/0/mode", "'127.0.0.1:8080:80/udp'"),
        ("environment/NAME", "value"),
        ("volumes/0/source", "./src"),
        ("volumes/0/target", "/app"),
        ("volumes/0/read_only", "ro"),
        ("volumes/1/source", "${D}"),
        ("volumes/1/target", "/data"),
        ("command/0", "run --port=${P:-1} 'x y'"),
    ] {
        assert_eq!(place(&format!("services/a/{path}")), expected, "{path}");
    }
}

#[test]
fn hostile_texts_end_soon() {
    let (value, problems) = service(&format!("command: '{}'", "a ".repeat(200_000)));
    assert!(value.is_string() && problems == ["command lines of too many words"]);
    // Quadratic, if each word looked at the whole line or at all of its variables.
    let line: String = (0..9_000).map(|n| format!("$V{n} ")).collect();
    let (value, problems) = service(&format!("command: '{line}{}'", "a ".repeat(90_000)));
    assert_eq!(value.as_array().map(Vec::len), Some(99_000));
    assert!(problems.is_empty());
    let (_, problems) = service(&format!("volumes: ['{}']", ":a".repeat(1_000_000)));
    assert_eq!(problems.len(), 1);
}

#[test]
fn ranges_are_taken_apart_up_to_a_limit() {
    let (value, problems) = service("ports: [1-15000, 30000-49999, '1-60000:1-60000/udp', 7-8]");
    let ports = value.as_array().expect("ports");
    assert_eq!(ports.len(), 15_000 + 1 + 1 + 2);
    assert_eq!(ports[15_000]["target"], "30000-49999");
    assert_eq!(ports[15_001]["published"], "1-60000");
    assert_eq!(problems.len(), 2);
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 1024,
        rng_seed: RngSeed::Fixed(0x5eed),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_text_is_split_or_stays(text in "[a.:/=,\\\\$V{}\"' ()`0-9éĀ~\\[\\]-]{0,16}") {
        let text = json!(text);
        let keys = ["build", "command", "env_file", "gpus"];
        let lists = ["ports", "volumes", "devices", "environment", "extra_hosts", "depends_on"];
        let keys = keys.map(|key| format!("{key}: {text}")).join(", ");
        let lists = lists.map(|key| format!("{key}: [{text}]")).join(", ");
        let text = format!("services: {{a: {{{keys}, {lists}}}}}");
        let source = Source::new("compose.yaml", text.as_str());
        let node = yaml::parse(&source, yaml::Limits::default()).expect("YAML");
        let mut node = Node::from_yaml(&source, node);
        let mut problems = Vec::new();
        interpolate(&mut node, &Variables::default(), &mut problems);
        canonicalise(&mut node, &mut problems);
        check(&node, &text)?;
        let before = said(&node);
        // What is long stays: nothing more is to be done, or said.
        let mut again = Vec::new();
        canonicalise(&mut node, &mut again);
        prop_assert_eq!(said(&node), before);
        prop_assert!(again.len() <= problems.len());
    }
}

fn check(node: &Node, text: &str) -> Result<(), TestCaseError> {
    prop_assert!(text.get(node.place.span.range()).is_some(), "{:?}", node.place);
    for entry in node.map().into_iter().flat_map(Map::values) {
        prop_assert!(text.get(entry.key.span.range()).is_some(), "{:?}", entry.key);
        check(&entry.node, text)?;
    }
    node.items().iter().try_for_each(|item| check(item, text))
}
