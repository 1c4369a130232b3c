use super::*;
use crate::source::Source;
use crate::yaml;

fn completed(text: &str, project_name: Option<&str>) -> Node {
    let source = Source::new("compose.yaml", text);
    let yaml = yaml::parse(&source, yaml::Limits::default()).unwrap_or_else(|e| panic!("{e:?}"));
    let mut root = Node::from_yaml(&source, yaml);
    let mut variables = Variables::default();
    variables.set("OUTSIDE", "value");
    complete(&mut root, &Context { project_name, variables: &variables });
    root
}

fn at<'n>(root: &'n Node, path: &str) -> Option<&'n Node> {
    path.split('.').try_fold(root, |node, key| match key.parse::<usize>() {
        Ok(index) => node.items().get(index),
        Err(_) => node.get(key),
    })
}

const TEXT: &str = "services:
  web:
    build: {target: x}
    environment: {OUTSIDE: , NOWHERE: , WRITTEN: a}
    links: ['db:data']
    volumes_from: [db]
    ports: [{target: 80}]
    volumes: [{type: bind, source: ./a, target: /b/../c, bind: {}}]
    secrets: [{source: key}]
  db: {image: a, network_mode: host, ipc: 'service:web', depends_on: {}}
volumes: {data: , other: {external: true}}
";

#[test]
fn defaults_stand_where_they_are_missing() {
    let root = completed(TEXT, Some("proj"));
    let cases = [
        ("services.web.build.context", ".", "build"),
        ("services.web.build.dockerfile", "Dockerfile", "build"),
        ("services.web.depends_on.db.condition", "service_started", "'db:data'"),
        ("services.web.ports.0.protocol", "tcp", "{target: 80}"),
        ("services.web.secrets.0.target", "/run/secrets/key", "{source: key}"),
        ("services.db.depends_on.web.condition", "service_started", "'service:web'"),
        ("volumes.data.name", "proj_data", "data"),
        ("volumes.other.name", "other", "other"),
        ("networks.default.name", "proj_default", "web"),
    ];
    for (path, value, place) in cases {
        let node = at(&root, path).unwrap_or_else(|| panic!("no {path}"));
        assert_eq!(node.text(), Some(value), "{path}");
        assert_eq!(node.place.text(), place, "{path}");
        assert!(node.defaulted, "{path}");
    }
    let created = at(&root, "services.web.volumes.0.bind.create_host_path");
    assert_eq!(created.map(|node| &node.value), Some(&Value::Bool(true)));
    let restart = at(&root, "services.web.depends_on.db.restart");
    assert_eq!(restart.map(|node| &node.value), Some(&Value::Bool(true)));
    assert_eq!(at(&root, "services.web.volumes.0.target").and_then(Node::text), Some("/c"));
    assert!(at(&root, "services.web.networks.default").is_some());
    assert!(at(&root, "services.db.networks").is_none());
}

#[test]
fn names_without_values_come_from_outside() {
    let root = completed(TEXT, Some("proj"));
    let value = |name: &str| at(&root, &format!("services.web.environment.{name}"));
    let outside = value("OUTSIDE").expect("OUTSIDE");
    assert_eq!(outside.text(), Some("value"));
    let written = outside.substitution.as_ref().expect("a substitution");
    assert_eq!(written.variables, ["OUTSIDE"]);
    assert_eq!(value("NOWHERE").map(|node| &node.value), Some(&Value::Null));
    assert!(value("WRITTEN").is_some_and(|node| node.substitution.is_none()));
}

#[test]
fn without_a_project_name_only_external_names_are_known() {
    let root = completed(TEXT, None);
    assert!(at(&root, "volumes.data.name").is_none());
    assert_eq!(at(&root, "volumes.other.name").and_then(Node::text), Some("other"));
}

#[test]
fn completing_twice_changes_nothing() {
    let once = completed(TEXT, Some("proj"));
    let mut twice = once.clone();
    let context = Context { project_name: Some("proj"), variables: &Variables::default() };
    complete(&mut twice, &context);
    assert_eq!(once, twice);
}
