//! Sources other than Dockerfiles, as a user gives them to the program.

mod support;

use support::Project;

const COMPOSE: &str = "services:\n  web:\n    image: nginx:1.29\n    user: '101'\n";

const CONTAINER: &str = r#"[{"Id": "4f66ad9a0b2e", "Name": "/web", "Image": "sha256:00",
    "Config": {"Image": "nginx:1.29", "User": "0", "Env": []},
    "HostConfig": {"NetworkMode": "front", "Privileged": true}}]"#;

/// What `facts` prints of these paths.
fn facts(project: &Project, args: &[&str]) -> serde_json::Value {
    let run = project.run(&[&["facts", "--no-config"], args].concat());
    assert_eq!(run.code, Some(0), "{}", run.shown());
    serde_json::from_str(&run.stdout).expect("JSON")
}

#[test]
fn a_folder_has_projects_with_what_is_merged_over_them() {
    let project = Project::new("sources-projects")
        .file("a/compose.yaml", COMPOSE)
        .file("a/compose.override.yaml", "services:\n  web:\n    privileged: true\n")
        .file("a/compose.prod.yaml", "services:\n  web:\n    read_only: true\n")
        .file("a/compose.test.yaml", "services:\n  test:\n    image: busybox:1.37\n")
        .file("b/docker-compose.yml", COMPOSE);
    let all = facts(&project, &["."]);
    let documents = all.as_array().expect("several documents");
    let shown: Vec<(&str, &str, bool)> = documents
        .iter()
        .map(|facts| {
            let container = &facts["containers"][0];
            let name = facts["document"]["name"].as_str().expect("a name");
            let read_only = container["read_only"].as_bool().expect("known");
            let privileged = container["privileged"].as_bool().expect("known");
            (name, container["name"].as_str().expect("a name"), privileged || read_only)
        })
        .collect();
    assert_eq!(
        shown,
        [
            ("a/compose.prod.yaml", "web", true),
            ("a/compose.test.yaml", "test", false),
            ("a/compose.yaml", "web", true),
            ("b/docker-compose.yml", "web", false),
        ]
    );
}

#[test]
fn what_is_hidden_of_an_inline_dockerfile_is_hidden_in_the_compose_file() {
    let text = "services:\n  a:\n    build:\n      dockerfile_inline: |\n        FROM alpine:3.22\n        \
                RUN MYSQL_PWD=mangrove7-xyz dump\n        USER root\n  b:\n    build:\n      \
                dockerfile_inline: \"FROM alpine:3.22\\nRUN MYSQL_PWD=mangrove7-xyz dump\\nUSER root\"\n";
    let project = Project::new("sources-inline").file("compose.yaml", text);
    for format in ["human", "json", "sarif"] {
        let args = ["check", "--no-config", "--profile", "strict", "-v", "-o", format];
        let run = project.run(&[&args[..], &["compose.yaml"]].concat());
        assert_eq!(run.code, Some(1), "{}", run.shown());
        assert!(!run.shown().contains("mangrove7"), "{}", run.shown());
        assert!(!run.shown().contains("#services"), "it is no file\n{}", run.shown());
    }
}

#[test]
fn a_password_that_is_a_word_is_hidden_where_it_is_one() {
    let text = "services:\n  airflow-web:\n    image: apache/airflow:2.8.1\n    command: \
                worker --password airflow\n    environment:\n      \
                CONN: postgresql://airflow:airflow@db/airflow\n      DB_PASSWORD: airflow\n    \
                labels: {org.example.api-token: airflow}\n";
    let project = Project::new("sources-words").file("compose.yaml", text);
    for args in [
        &["facts", "--no-config"][..],
        &["check", "--no-config", "--profile", "strict", "-v", "--color", "never"],
        &["check", "--no-config", "--profile", "strict", "-o", "json"],
        &["check", "--no-config", "--profile", "strict", "-o", "sarif"],
    ] {
        let run = project.run(&[args, &["compose.yaml"]].concat());
        let shown = run.shown().replace("\\\"", "\"");
        for hidden in [
            ":airflow@",
            "--password airflow",
            "DB_PASSWORD: airflow",
            "\"value\": \"airflow\"",
            "api-token: airflow",
        ] {
            assert!(!shown.contains(hidden), "{hidden} {args:?}\n{shown}");
        }
        for named in ["airflow-web", "apache/airflow:2.8.1"] {
            assert!(shown.contains(named), "{named} {args:?}\n{shown}");
        }
    }
}

#[test]
fn what_is_only_called_like_a_dockerfile_is_passed_over() {
    let project = Project::new("sources-called")
        .file("Dockerfile.go", "# syntax=docker/dockerfile:1\nFROM golang:1.25\n")
        .file("dockerfile.rs", "//! Dockerfiles.\nuse std::fs;\n")
        .file("dockerfile.dict", "\"ADD\"\n\"FROM\"\n")
        .file("Dockerfile.md", "FROM alpine:3.22\n")
        .file("a/Dockerfile", "FORM alpine:3.22\n");
    let run = project.run(&["facts", "--no-config", "."]);
    let all: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    let name = |facts: &serde_json::Value| facts["document"]["name"].clone();
    let names: Vec<_> = all.as_array().expect("documents").iter().map(name).collect();
    assert_eq!(names, ["Dockerfile.go", "a/Dockerfile"]);
    assert_eq!(run.code, Some(2), "what is wrong with a Dockerfile is told\n{}", run.shown());
    // Whoever names it has it read.
    for path in ["dockerfile.rs", "dockerfile.dict", "Dockerfile.md"] {
        let run = project.run(&["facts", "--no-config", path]);
        let facts: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
        assert_eq!(facts["document"]["kind"], "dockerfile", "{path}\n{}", run.shown());
    }
}

#[test]
fn what_another_file_includes_is_judged_there() {
    let names = |project: &Project, args: &[&str]| -> Vec<String> {
        let all = facts(project, args);
        let all = all.as_array().cloned().unwrap_or_else(|| vec![all]);
        let name = |facts: &serde_json::Value| facts["document"]["name"].as_str().map(String::from);
        all.iter().filter_map(name).collect()
    };
    // By itself it would be incomplete: the network is the whole project's.
    let db =
        "services:\n  db:\n    image: postgres:18\n    networks: [back]\n    privileged: true\n";
    let over = "services:\n  db:\n    restart: always\n";
    let project = Project::new("sources-included")
        .file(
            "compose.yaml",
            format!(
                "include: [db/compose.yaml, web.compose.yaml]\n{COMPOSE}networks: {{back: {{}}}}\n"
            ),
        )
        .file(
            "web.compose.yaml",
            "include: [cache.compose.yaml]\nservices:\n  a:\n    image: a:1\n",
        )
        .file("cache.compose.yaml", "services:\n  b:\n    image: b:1\n")
        .file("db/compose.yaml", db)
        .file("other/compose.yaml", COMPOSE);
    assert_eq!(names(&project, &["."]), ["compose.yaml", "other/compose.yaml"]);
    // Whoever names a file has it judged.
    let both = names(&project, &["compose.yaml", "cache.compose.yaml"]);
    assert_eq!(both, ["cache.compose.yaml", "compose.yaml"]);
    let run = project.run(&["check", "--no-config", "-o", "json", ".", "web.compose.yaml"]);
    assert_eq!(run.code, Some(1), "{}", run.shown());
    let report: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    let mut seen = std::collections::BTreeSet::new();
    for finding in report["findings"].as_array().expect("findings") {
        let key = format!("{} {} {}", finding["rule"], finding["location"], finding["message"]);
        assert!(seen.insert(key), "twice: {finding}");
    }
    assert!(!seen.is_empty());
    // What is merged over it in its own folder is not included with it.
    let project = project.file("db/compose.override.yaml", over);
    assert_eq!(names_or_broken(&project), 3);
    // Files that include one another are refused, and both are told of.
    let circle = Project::new("sources-circle")
        .file("a.compose.yaml", "include: [b.compose.yaml]\nservices:\n  a:\n    image: a:1\n")
        .file("b.compose.yaml", "include: [a.compose.yaml]\nservices:\n  b:\n    image: b:1\n");
    assert_eq!(names_or_broken(&circle), 2);
}

/// How many documents a folder has, whether or not they can be read.
fn names_or_broken(project: &Project) -> usize {
    let run = project.run(&["facts", "--no-config", "."]);
    let all: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    all.as_array().map_or(1, Vec::len)
}

#[test]
fn files_are_merged_in_the_order_they_are_named() {
    let project = Project::new("sources-merged")
        .file("compose.yaml", COMPOSE)
        .file("one.yaml", "services: {web: {user: '1'}}\n")
        .file("two.yaml", "services: {web: {user: '2'}}\n");
    let user = |paths: &str| facts(&project, &[paths])["containers"][0]["user"]["uid"].clone();
    assert_eq!(user("compose.yaml"), 101);
    assert_eq!(user("compose:compose.yaml,one.yaml,two.yaml"), 2);
    assert_eq!(user("compose:compose.yaml,two.yaml,one.yaml"), 1);
    let run = project.run(&["check", "compose:compose.yaml,three.yaml"]);
    assert_eq!(run.code, Some(2), "{}", run.shown());
    assert!(run.shown().contains("`three.yaml` cannot be merged"), "{}", run.shown());
}

#[test]
fn variables_come_from_files_and_only_when_asked_from_the_environment() {
    let project = Project::new("sources-variables")
        .file("compose.yaml", "services:\n  web:\n    image: nginx:${PATH_TAG}\n    user: $PATH\n")
        .file("tags.env", "PATH_TAG=1.29\n");
    let tag = |args: &[&str]| facts(&project, args)["containers"][0]["image"]["tag"].clone();
    assert_eq!(tag(&["compose.yaml"]), serde_json::Value::Null, "absent");
    assert_eq!(tag(&["--env-file", "tags.env", "compose.yaml"]), "1.29");
    let user = |args: &[&str]| facts(&project, args)["containers"][0]["user"]["text"].clone();
    assert!(user(&["compose.yaml"]).is_null());
    assert!(user(&["--use-env", "compose.yaml"]).is_string());
    let run = project.run(&["check", "--env-file", "nowhere.env", "compose.yaml"]);
    assert_eq!(run.code, Some(2), "{}", run.shown());
    assert!(run.shown().contains("there is no `nowhere.env`"), "{}", run.shown());
}

#[test]
fn what_runs_is_piped_in() {
    let project = Project::new("sources-piped");
    let run = project.run_with_input(&["facts", "--no-config", "-"], CONTAINER);
    let facts: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(facts["document"]["kind"], "container", "{}", run.shown());
    assert_eq!(facts["containers"][0]["privileged"], true);
}

#[test]
fn documents_of_one_run_know_of_each_other() {
    let image = r#"[{"Id": "sha256:00", "RepoTags": ["nginx:1.29"], "RepoDigests": [],
        "Config": {"User": "101", "Env": ["A=b"]}, "RootFS": {"Type": "layers", "Layers": []},
        "Os": "linux", "Architecture": "amd64"}]"#;
    let project = Project::new("sources-linked")
        .file("compose.yaml", "services:\n  web:\n    image: nginx:1.29\n")
        .file("image.json", image)
        .file("daemon.json", r#"{"log-driver": "local", "no-new-privileges": true}"#);
    let alone = facts(&project, &["compose.yaml"]);
    assert_eq!(alone["containers"][0]["user"]["from"], "table");
    assert_eq!(alone["containers"][0]["user"]["is_root"], true);
    let all = facts(&project, &["compose.yaml", "image.json", "daemon.json"]);
    let container = &all[0]["containers"][0];
    assert_eq!(container["image"]["match"], "reference");
    assert_eq!(container["user"]["uid"], 101);
    assert_eq!(container["user"]["from"], "image");
    assert_eq!(container["environment"][0]["from"], "image");
    assert_eq!(container["logging"]["driver"], "local");
    assert_eq!(container["logging"]["from"], "daemon");
    assert_eq!(container["security_opt"]["no_new_privileges"], true);
    assert_eq!(all[0]["linked"]["daemon"]["no_new_privileges"], true);
}

#[test]
fn a_service_has_the_image_that_it_builds() {
    let project = Project::new("sources-built")
        .file(
            "compose.yaml",
            "services:\n  web:\n    build: {context: ., target: app, args: {U: '7'}}\n",
        )
        .file("Dockerfile", "FROM alpine:3.22 AS app\nARG U\nUSER ${U}\nFROM app\nUSER root\n");
    let all = facts(&project, &["compose.yaml"]);
    let container = &all["containers"][0];
    assert_eq!(container["image"]["match"], "build");
    assert_eq!(container["user"]["uid"], 7);
}

#[test]
fn what_nobody_judges_is_no_pass() {
    let project = Project::new("sources-unjudged").file("compose.yaml", COMPOSE);
    let run = project.run(&["check", "--no-config", "--rule", "image/root-user", "compose.yaml"]);
    assert_eq!(run.code, Some(2), "{}", run.shown());
    assert!(run.shown().contains("no rule in force judges anything"), "{}", run.shown());
}

#[test]
fn broken_sources_are_told_with_their_places() {
    let project = Project::new("sources-broken")
        .file("compose.yaml", "services:\n  web:\n    imagee: nginx\n")
        .file("stack.txt", "services: [\n")
        .file("inspect.json", "[{\"Id\": \"4f66ad9a0b2e\", \"HostConfig\": {}, \"Config\": {}")
        .file("ps.json", "[{\"Id\": \"4f66ad9a0b2e\", \"Names\": [\"/web\"], \"HostConfig\": {}}]")
        .file("daemon.json", "{\"icc\": \"no\", \"live-restor\": true}")
        .file("image.tar", "this is no archive");
    for (path, said) in [
        ("compose.yaml", "did you mean `image`"),
        ("compose:stack.txt", "stack.txt:"),
        ("inspect.json", "inspect.json:1:"),
        ("ps.json", "docker inspect"),
        ("daemon.json", "live-restore"),
        ("image:image.tar", "image.tar"),
        ("image.tar", "cannot tell what `image.tar` is"),
        ("kompose:compose.yaml", "there is no `kompose:compose.yaml`"),
    ] {
        let run = project.run(&["check", "--no-config", path]);
        assert_eq!(run.code, Some(2), "{path}\n{}", run.shown());
        assert!(run.shown().contains(said), "{path} does not say {said:?}\n{}", run.shown());
        assert!(!run.shown().contains("panicked"), "{path}\n{}", run.shown());
    }
}

#[test]
fn services_that_build_one_dockerfile_have_an_image_each() {
    let project = Project::new("sources-same-dockerfile")
        .file(
            "compose.yaml",
            "services:\n  a:\n    build: {context: ., args: {U: '1000'}}\n  b:\n    build: {context: ., args: {U: root}}\n",
        )
        .file("Dockerfile", "FROM alpine:3.22\nARG U\nUSER ${U}\n");
    let all = facts(&project, &["compose.yaml"]);
    let containers = all["containers"].as_array().expect("containers");
    let of = |name: &str| containers.iter().find(|it| it["name"] == name).expect("a service");
    assert_eq!(of("a")["user"]["is_root"], false);
    assert_eq!(of("b")["user"]["is_root"], true);
    assert_ne!(of("a")["image"]["linked"], of("b")["image"]["linked"]);
}

/// As `docker inspect` prints it.
fn inspected_container(name: &str, image: &str, network: &str) -> String {
    format!(
        r#"{{"Id": "{name}00", "Name": "/{name}", "Image": "{image}", "Config": {{"Image": "x:1",
        "Env": []}}, "HostConfig": {{"NetworkMode": "{network}"}},
        "NetworkSettings": {{"Networks": {{"{network}": {{}}}}}}}}"#
    )
}

fn inspected_image(id: &str, health: &str) -> String {
    format!(
        r#"{{"Id": "{id}", "RepoTags": ["x:1"], "RepoDigests": [], "Os": "linux",
        "Architecture": "amd64", "Config": {{"Env": ["WHICH={health}"]}},
        "RootFS": {{"Type": "layers", "Layers": []}}}}"#
    )
}

#[test]
fn images_of_one_name_are_told_apart_by_their_ids() {
    let (one, two) = (format!("sha256:{:064}", 1), format!("sha256:{:064}", 2));
    let text = format!(
        "[{}, {}, {}, {}]",
        inspected_container("a", &one, "bridge"),
        inspected_container("b", &two, "bridge"),
        inspected_image(&one, "first"),
        inspected_image(&two, "second"),
    );
    let project = Project::new("sources-same-name").file("inspect.json", &text);
    let all = facts(&project, &["inspect:inspect.json"]);
    let which = |at: usize| {
        let containers = &all[0]["containers"];
        containers[at]["environment"][0]["value"].clone()
    };
    assert_eq!((which(0), which(1)), ("first".into(), "second".into()));
}

#[test]
fn many_images_that_fit_are_counted() {
    let images: Vec<String> =
        (0..30).map(|at| inspected_image(&format!("sha256:{at:064}"), "x")).collect();
    let project = Project::new("sources-ambiguous")
        .file("compose.yaml", "services:\n  a:\n    image: x:1\n")
        .file("inspect.json", format!("[{}]", images.join(", ")));
    let all = facts(&project, &["compose.yaml", "inspect:inspect.json"]);
    let image = &all[0]["containers"][0]["image"];
    assert_eq!(image["candidates"].as_array().map(Vec::len), Some(10));
    assert!(image["linked"].is_null());
    let run = project.run(&["check", "--no-config", "compose.yaml", "inspect:inspect.json"]);
    assert!(run.shown().contains("and 20 more: none of them was taken"), "{}", run.shown());
}

#[test]
fn networks_of_one_name_of_several_engines_are_not_taken_for_one_another() {
    let network = |id: &str| {
        format!(
            r#"{{"Name": "front", "Id": "{id}", "Scope": "local", "Driver": "bridge",
            "IPAM": {{}}, "Containers": {{}}, "Options": {{}}}}"#
        )
    };
    let container = inspected_container("a", "sha256:00", "front");
    let linked = |networks: &[&str]| {
        let networks: Vec<String> = networks.iter().map(|id| network(id)).collect();
        let text = format!("[{container}, {}]", networks.join(", "));
        let project = Project::new("sources-networks").file("inspect.json", &text);
        let all = facts(&project, &["inspect:inspect.json"]);
        all[0]["linked"]["networks"].as_array().map_or(0, Vec::len)
    };
    assert_eq!(linked(&["a1"]), 1);
    assert_eq!(linked(&["a1", "b2"]), 0);
}

#[test]
fn credentials_in_labels_options_and_history_are_not_printed() {
    let secret = "Xk9fQ2hunter";
    let history = format!(
        r#"{{"architecture": "amd64", "os": "linux", "config": {{"Env": []}},
        "rootfs": {{"type": "layers", "diff_ids": []}},
        "history": [{{"created_by": "/bin/sh -c #(nop)  ENV OLD_PASSWORD={secret}"}}]}}"#
    );
    let project = Project::new("sources-secrets")
        .file(
            "compose.yaml",
            format!("services:\n  a:\n    image: x\n    labels: {{org.example.api-token: {secret}}}\n"),
        )
        .file(
            "daemon.json",
            format!(r#"{{"log-driver": "splunk", "log-opts": {{"splunk-token": "{secret}"}}, "icc": true}}"#),
        )
        .file("config.json", &history);
    let project = project.file(
        "content.compose.yaml",
        format!("services:\n  a:\n    image: x\nsecrets:\n  s: {{content: {secret}}}\n"),
    );
    for path in ["compose.yaml", "content.compose.yaml", "daemon.json", "image:config.json"] {
        for args in [
            &["facts", "--no-config"][..],
            &["check", "--no-config", "--profile", "strict", "-v"],
            &["check", "--no-config", "--profile", "strict", "-o", "json"],
            &["check", "--no-config", "--profile", "strict", "-o", "sarif"],
        ] {
            let run = project.run(&[args, &[path]].concat());
            assert!(!run.shown().contains(secret), "{path} {args:?}\n{}", run.shown());
        }
    }
}
