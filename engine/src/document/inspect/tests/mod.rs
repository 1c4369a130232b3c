mod cases;
mod hostile;
mod others;
mod ports;

use serde_json::{Value, json};

use super::*;
use crate::diagnostic::Level;

/// A container as a recent engine prints it, harmless.
const CONTAINER: &str = include_str!("container.json");

fn documents(text: &str) -> Vec<Document> {
    let input = Input { source: Source::new("inspect.json", text), folder: None };
    read(&input, &ReadOptions::default())
}

fn facts(document: &Document) -> Value {
    serde_json::to_value(&document.facts).unwrap()
}

/// The container with values put in at paths; `None` takes a key out.
fn container(changes: &[(&str, Option<Value>)]) -> Value {
    let mut value: Value = serde_json::from_str(CONTAINER).unwrap();
    for (path, change) in changes {
        let (parent, key) = path.rsplit_once('/').unwrap();
        let parent = value.pointer_mut(parent).unwrap().as_object_mut().unwrap();
        match change {
            Some(change) => parent.insert((*key).to_owned(), change.clone()),
            None => parent.shift_remove(key),
        };
    }
    value
}

fn messages(document: &Document, level: Level) -> Vec<String> {
    let problems = document.problems.iter().filter(|problem| problem.level == level);
    problems.map(|problem| problem.message.clone()).collect()
}

#[test]
fn a_whole_container_is_read_with_its_places() {
    let documents = documents(CONTAINER);
    assert_eq!(documents.len(), 1);
    let document = &documents[0];
    assert!(document.problems.is_empty(), "{:?}", document.problems);
    insta::assert_json_snapshot!(document.facts.containers);
    let container = &document.facts.containers[0];
    let text = |loc, field: Option<&str>, item| {
        let place = plimsoll_sdk::finding::RawPlace { loc, field: field.map(Into::into), item };
        document.places.resolve(&place).unwrap().text().to_owned()
    };
    for (loc, field, item, want) in [
        (container.loc, None, None, "\"/shop-api-1\""),
        (container.loc, Some("privileged"), None, "false"),
        (container.loc, Some("user"), None, "\"10001:10001\""),
        (container.loc, Some("masked_paths"), Some(1), "\"/proc/keys\""),
        (container.loc, Some("image"), None, "\"registry.example.com/shop/api:1.4.2\""),
        (container.capabilities.loc, Some("drop"), Some(0), "\"ALL\""),
        (container.resources.limits.loc, Some("memory_bytes"), None, "536870912"),
        (container.resources.limits.loc, Some("pids"), None, "100"),
        (container.restart.loc, Some("max_retries"), None, "5"),
        (container.environment[0].loc, Some("value"), None, "/usr/bin"),
        (container.namespaces.network.loc, None, None, "\"shop_default\""),
        (container.namespaces.loc, Some("ipc"), None, "\"private\""),
        (container.logging.options[0].loc, Some("value"), None, "\"10m\""),
        // What is not written: the nearest object.
        (container.loc, Some("init"), None, "\"HostConfig\""),
        (container.loc, Some("healthcheck"), None, "\"Config\""),
        (document.facts.references[0].loc, Some("tag"), None, "1.4.2"),
    ] {
        assert_eq!(text(loc, field, item), want, "{field:?}");
    }
}

#[test]
fn objects_are_sorted_by_kind() {
    let network = json!({"Name": "n", "Id": "1", "Driver": "bridge", "Scope": "local", "IPAM": {}});
    let volume = json!({"Name": "v", "Driver": "local", "Mountpoint": "/x", "Scope": "local"});
    let image = json!({"Id": "sha256:1", "RepoTags": ["a:1"], "RootFS": {}, "Config": {}});
    let service = json!({"ID": "s", "Version": {}, "Spec": {"Name": "web", "TaskTemplate": {}}});
    let secret = json!({"ID": "x", "Version": {}, "Spec": {"Name": "db_password"}});
    let container = container(&[]);
    let all = [&volume, &network, &secret, &service, &image, &container];
    let array = serde_json::to_string_pretty(&all).unwrap();
    let lines: Vec<String> = all.iter().map(ToString::to_string).collect();
    let two =
        format!("{}\n{}", json!([volume, secret, network]), json!([service, image, container]));
    for text in [array, lines.join("\n"), lines.join(""), two] {
        assert!(has_content(&text), "{text}");
        let documents = documents(&text);
        let kinds: Vec<&str> = documents.iter().map(|document| document.kind).collect();
        assert_eq!(kinds, KINDS);
        let names: Vec<&str> =
            documents[0].facts.containers.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["web", "shop-api-1"]);
        assert!(documents.iter().all(|document| document.problems.is_empty()));
        assert!(Arc::ptr_eq(&documents[0].sources[0], &documents[3].sources[0]));
    }
}

#[test]
fn what_is_not_judged_is_told() {
    let node = json!({"ID": "n", "Version": {}, "Spec": {"Role": "manager"},
        "Description": {"Hostname": "swarm-manager"}});
    let config = json!({"ID": "x", "Version": {}, "Spec": {"Name": "c", "Data": ""}});
    let task = json!({"ID": "t", "Version": {}, "ServiceID": "s", "Spec": {}});
    let plugin = json!({"Id": "p", "Name": "a/b:latest", "Enabled": true, "PluginReference": "x"});
    let context = json!({"Name": "default", "Metadata": {}, "Endpoints": {}});
    let text = json!([node, config, task, plugin, context]).to_string();
    let documents = documents(&text);
    assert_eq!(documents.len(), 1);
    let told: Vec<String> = messages(&documents[0], Level::Warning);
    let suffix = " is not checked: there are no rules for it";
    let told: Vec<&str> = told.iter().map(|it| it.trim_end_matches(suffix)).collect();
    assert_eq!(
        told,
        [
            "the node `n`",
            "the config `c`",
            "the task `t`",
            "the plugin `a/b:latest`",
            "the context `default`",
        ]
    );
    assert_eq!(messages(&documents[0], Level::Error), Vec::<String>::new());
}

#[test]
fn broken_texts_are_errors() {
    let cut = &CONTAINER[..CONTAINER.len() / 2];
    assert!(has_content(cut), "recognised, so that somebody says that it is broken");
    for (text, want) in [
        (cut.to_owned(), None),
        (format!("[{CONTAINER}, 1]"), Some("this is nothing that `docker inspect` prints")),
        (r#"[{"foo": "bar"}]"#.into(), Some("this is nothing that `docker inspect` prints")),
        (
            json!({"Names": "a", "Image": "b", "Command": "c", "ID": "d"}).to_string(),
            Some("this is what `docker ps` prints, which leaves out most of what is checked"),
        ),
        (
            container(&[("/HostConfig/Memory", Some(json!("much")))]).to_string(),
            Some("an integer is expected here, not a string"),
        ),
        (
            container(&[("/HostConfig", Some(json!([])))]).to_string(),
            Some("an object is expected here, not a list"),
        ),
        (
            container(&[("/HostConfig/CapAdd", Some(json!(["A", 1])))]).to_string(),
            Some("a string is expected here, not a number"),
        ),
        (
            container(&[("/HostConfig/PortBindings", Some(json!({"http": [{}]})))]).to_string(),
            Some("`http` is no port, such as `80/tcp`"),
        ),
    ] {
        let documents = documents(&text);
        let errors = messages(&documents[0], Level::Error);
        assert!(!errors.is_empty(), "{text}");
        if let Some(want) = want {
            assert_eq!(errors, [want]);
        }
    }
    let documents = documents("[]");
    assert_eq!(messages(&documents[0], Level::Warning), ["nothing was inspected"]);
}

#[test]
fn many_problems_are_counted() {
    let objects: Vec<Value> = (0..1000).map(|_| json!({"foo": 1})).collect();
    let documents = documents(&json!(objects).to_string());
    let errors = messages(&documents[0], Level::Error);
    assert_eq!(errors.len(), 51);
    assert_eq!(errors[50], "950 further problems are not shown");
}

#[test]
fn the_number_of_objects_is_limited() {
    let network = json!({"Name": "n", "Id": "1", "Driver": "bridge", "IPAM": {}});
    let all = vec![network; MAX_OBJECTS + 2];
    let documents = documents(&json!(all).to_string());
    assert_eq!(documents[0].facts.networks.len(), MAX_OBJECTS);
    let errors = messages(&documents[0], Level::Error);
    assert_eq!(errors, ["there are more than 10000 objects; the rest is not read"]);
}

#[test]
fn other_texts_are_not_taken() {
    for text in [
        "",
        "{}",
        "[]",
        "FROM alpine",
        r#"{"name": "x", "dependencies": {}}"#,
        r#"{"hosts": ["fd://"], "log-driver": "json-file"}"#,
        r#"{"Id": "x", "Name": "y"}"#,
        r#"{"Driver": "x", "IPAM": {}, "Name": "y"}"#,
        "[1, 2, {\"a\": [}",
        "{\"Id\\",
        "\"Id\": {",
        "]]]]",
    ] {
        assert!(!has_content(text), "{text}");
    }
}
