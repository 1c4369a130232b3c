use std::fmt::Write as _;

use super::*;
use crate::document::compose::complete::{Context, complete};
use crate::document::compose::variables::Variables;
use crate::source::Source;
use crate::yaml;

fn tree(text: &str) -> Node {
    let source = Source::new("compose.yaml", text);
    let yaml = yaml::parse(&source, yaml::Limits::default()).unwrap_or_else(|e| panic!("{e:?}"));
    Node::from_yaml(&source, yaml)
}

fn problems(text: &str) -> Vec<Diagnostic> {
    let mut root = tree(text);
    let mut problems = Vec::new();
    validate(&root, &mut problems);
    if problems.is_empty() {
        let variables = Variables::default();
        complete(&mut root, &Context { project_name: Some("proj"), variables: &variables });
        consistency(&root, &mut problems);
    }
    problems
}

fn rendered(problems: &[Diagnostic]) -> String {
    let mut out = String::new();
    for problem in problems {
        let _ = writeln!(out, "{}: {}", problem.level.as_str(), problem.message);
        for label in &problem.labels {
            let text = label.place.text().escape_debug().to_string();
            let _ = writeln!(out, "  {} [{text}] {}", label.place.start(), label.text);
        }
        if let Some(help) = &problem.help {
            let _ = writeln!(out, "  help: {help}");
        }
    }
    out
}

#[test]
fn wrong_keys_and_types_are_told_where_they_are() {
    let text = "
version: 3
service: {}
services:
  web:
    imgae: nginx
    limits: {cpus: 1}
    foo: bar
    ports: '80:80'
    volumes:
      - type: bnid
      - {type: bind, source: a, target: b, readonly: true}
    environment:
    hostname: 3
    cpu_count: -1
    pull_policy: sometimes
    security_opt: [a, b, a]
    healthcheck: {interval: 90}
    post_start: [{user: me}]
    depends_on: {db: {condition: service_health}}
    privileged: 1
    configs: !reset null
  a b: {image: c}
networks: [a]
x-anything: {goes: [here]}
";
    insta::assert_snapshot!(rendered(&problems(text)));
}

#[test]
fn what_does_not_fit_together_is_told_where_it_is() {
    let text = "
services:
  nothing: {}
  web:
    image: nginx
    build: {context: ., dockerfile: a, dockerfile_inline: FROM b, platforms: [linux/arm64],
            additional_contexts: {x: 'service:db'}, secrets: [{source: nope}]}
    platform: linux/amd64
    network_mode: host
    networks: {fornt: }
    depends_on: {bd: {condition: service_started}}
    healthcheck: {test: [curl], timeout: 10 s}
    scale: 2
    container_name: web
    cpus: 1.5
    mem_limit: 1gg
    mem_reservation: 64m
    deploy: {replicas: 3, resources: {limits: {cpus: '2'}, reservations: {memory: 32m}}}
    develop: {watch: [{path: '', action: sync}]}
    tmpfs: ['/data:rw']
    volumes: [{type: volume, source: date, target: /data/}, {type: bind, target: /x}]
    ports: [{target: 80, host_ip: localhost}, {published: 1}]
    gpus: [{count: 1, device_ids: ['0']}]
    secrets: [{source: key, target: key}]
    models: {llm: }
  db: {image: a, container_name: web, links: [c], stop_grace_period: '10', pids_limit: -1}
  c: {image: a, ipc: 'service:db'}
jobs:
  j: {image: a, triggers: {}, depends_on: {x: {condition: service_started}}}
networks: {front: }
volumes: {data: {external: true, driver: local}}
secrets: {key: {file: a, environment: b}, other: {}}
configs: {c: {external: false}}
";
    insta::assert_snapshot!(rendered(&problems(text)));
}

#[test]
fn what_compose_ignores_is_a_warning() {
    let text = "
services:
  web:
    image: nginx
    deploy: {mode: global, replicas: 2, placement: {}, restart_policy: {condition: any}}
    storage_opt: {size: 1G}
    secrets: [{source: key, uid: '1'}]
    ports: [{target: 80, mode: host}, {target: 81, mode: ingress}, {target: 82}]
    volumes: [{type: cluster, source: a, target: /a}]
secrets: {key: {file: a}}
";
    insta::assert_snapshot!(rendered(&problems(text)));
}

#[test]
fn what_is_unknown_is_never_wrong() {
    let text = "
services:
  web:
    image: ${IMAGE}
    cpus: ${CPUS}
    ports: ['${PORT}']
    mem_limit: ${MEM}
    stop_grace_period: ${GRACE}
    network_mode: ${MODE}
    healthcheck: {test: ['${TEST}'], retries: '${N}'}
    cgroup: ${CGROUP}
    pull_policy: ${PULL}
    links: ['${LINK}']
    scale: ${N}
    deploy: {replicas: 3, resources: {limits: {cpus: '2', memory: 1g}}}
    volumes: [{type: '${TYPE}', source: '${SRC}', target: '${T}'}, {type: bind, source: x, target: '${T}'}]
";
    let mut root = tree(text);
    make_unknown(&mut root);
    let mut found = Vec::new();
    validate(&root, &mut found);
    let variables = Variables::default();
    complete(&mut root, &Context { project_name: None, variables: &variables });
    consistency(&root, &mut found);
    assert_eq!(rendered(&found), "");
}

/// Marks every text with a variable as compose files without values have it.
fn make_unknown(node: &mut Node) {
    use crate::document::compose::tree::{Substitution, Value};
    match &mut node.value {
        Value::Str(text) if text.starts_with("${") => {
            let name = text.trim_matches(['$', '{', '}']).to_owned();
            let substitution = Substitution {
                raw: text.clone(),
                variables: vec![name.clone()],
                missing: vec![name],
                known: crate::document::partial::Partial::default(),
            };
            node.substitution = Some(std::sync::Arc::new(substitution));
        }
        Value::Seq(items) => items.iter_mut().for_each(make_unknown),
        Value::Map(map) => map.values_mut().for_each(|entry| make_unknown(&mut entry.node)),
        _ => {}
    }
}

#[test]
fn hostile_files_are_told_of_briefly() {
    let many: String = (0..5000).fold("services:\n".to_owned(), |mut text, i| {
        let _ = writeln!(text, "  s{i}: {{imag: a}}");
        text
    });
    assert_eq!(problems(&many).len(), MOST);
    let strangers: String = (0..5000).fold("services:\n".to_owned(), |mut text, i| {
        let _ = writeln!(text, "  s{i}: {{image: a, networks: {{n{i}0: }}, volumes: [{{type: volume, source: v, target: /v}}]}}");
        text
    });
    assert_eq!(problems(&strangers).len(), MOST);
    let chain: String = (0..5000).fold("services:\n".to_owned(), |mut text, i| {
        let next = (i + 1) % 5000;
        let needs = format!("{{s{next}: {{condition: service_started}}}}");
        let _ = writeln!(text, "  s{i}: {{image: a, depends_on: {needs}}}");
        text
    });
    let found = problems(&chain);
    assert_eq!(found.len(), 1);
    assert!(found[0].message.len() < 200 && found[0].labels.len() <= 12, "{:?}", found[0]);
}
