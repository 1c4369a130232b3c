//! Networks, namespaces and ports of services.

use super::Case;

pub(super) const NETWORKS: &[Case] = &[
    (
        "{image: x}",
        "",
        &[
            ("/namespaces/network/mode", r#""network""#),
            ("/namespaces/network/effective", r#""network""#),
            ("/networks/0/name", r#""default""#),
            ("/networks/0/implicit", "true"),
            ("//networks/0/implicit", "true"),
            ("//networks/0/is_default_bridge", "false"),
        ],
    ),
    (
        "{image: x, network_mode: bridge}",
        "",
        &[("/namespaces/network/mode", r#""bridge""#), ("/networks", "[]")],
    ),
    (
        "{image: x, network_mode: 'service:o'}",
        "  o: {image: y, network_mode: 'container:third'}\n  \
         t: {image: z, container_name: third, network_mode: host}",
        &[
            ("/namespaces/network/mode", r#""service""#),
            ("/namespaces/network/target", r#""o""#),
            ("/namespaces/network/effective", r#""host""#),
        ],
    ),
    (
        "{image: x, network_mode: 'service:o', pid: 'container:elsewhere'}",
        "  o: {image: y, network_mode: 'service:s'}",
        &[
            ("/namespaces/network/effective", r#""absent""#),
            ("/namespaces/pid/mode", r#""container""#),
            ("/namespaces/pid/effective", r#""absent""#),
        ],
    ),
    ("{image: x, network_mode: '${MODE}'}", "", &[("/namespaces/network/mode", r#""absent""#)]),
    (
        "{image: x, networks: {n: {aliases: [a]}}}",
        "networks: {n: {name: host, external: true}, other: {internal: true}}",
        &[
            ("/namespaces/network/effective", r#""host""#),
            ("/networks/0/aliases", r#"["a"]"#),
            ("//networks/0/internal", r#""absent""#),
            ("//networks/1/internal", "true"),
            ("//project/unused/0/text", r#""network other""#),
        ],
    ),
    (
        "{image: x, networks: [n]}",
        "networks: {n: {driver: overlay, driver_opts: {encrypted: '', \
         com.docker.network.bridge.enable_icc: 'false'}}}",
        &[
            ("//networks/0/encrypted", "true"),
            ("//networks/0/icc", "false"),
            ("//networks/0/scope", r#""swarm""#),
            ("//networks/0/members", r#"["s"]"#),
        ],
    ),
    (
        "{image: x, ports: ['127.0.0.1:9000-9002:80-82/udp', '7000', '[::]:1:2', '8000-8010:90']}",
        "",
        &[
            ("/ports/0/raw", r#""127.0.0.1:9000-9002:80-82/udp""#),
            ("/ports/0/target_end", "82"),
            ("/ports/0/published_end", "9002"),
            ("/ports/0/effective_host_ip", r#""127.0.0.1""#),
            ("/ports/1/published", "null"),
            ("/ports/1/target", "7000"),
            ("/ports/1/host_ip", "null"),
            ("/ports/1/effective_host_ip", r#""0.0.0.0""#),
            ("/ports/2/effective_host_ip", r#""0.0.0.0""#),
            ("/ports/3/published_end", "8010"),
            ("/ports/4", r#""absent""#),
        ],
    ),
    (
        "{image: x, ports: ['${P}:80', '127.0.0.1:${P}:81', '${ALL}'], expose: ['3-4/udp', '${E}']}",
        "",
        &[
            ("/ports/0/target", "80"),
            ("/ports/0/host_ip", r#""absent""#),
            ("/ports/1/effective_host_ip", r#""127.0.0.1""#),
            ("/ports/1/published", r#""absent""#),
            ("/ports/2/target", r#""absent""#),
            ("/ports/2/raw", r#""${ALL}""#),
            ("/expose/0/target_end", "4"),
        ],
    ),
];
