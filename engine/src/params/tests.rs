use serde_json::json;

use super::*;

fn spec(declaration: Value) -> ParamSpec {
    let meta: ParamMeta = serde_json::from_value(declaration).unwrap();
    ParamSpec::new("p", &meta).unwrap()
}

#[test]
fn types_are_read_as_they_are_written() {
    for ty in ParamType::ALL {
        assert_eq!(ParamType::parse(ty.as_str()), Some(ty));
    }
    assert_eq!(ParamType::parse("list < string >"), Some(ParamType::StringList));
    for wrong in ["", "int", "list", "list<boolean>", "String"] {
        assert_eq!(ParamType::parse(wrong), None, "{wrong}");
    }
}

#[test]
fn values_fit_their_types_alone() {
    let values = [
        (json!(null), ""),
        (json!(true), "boolean"),
        (json!(1), "integer number"),
        (json!(1.5), "number"),
        (json!(u64::MAX), "number"),
        (json!("a"), "string"),
        (json!([]), "list<string> list<integer>"),
        (json!(["a", "b"]), "list<string>"),
        (json!([1]), "list<integer>"),
        (json!(["a", 1]), ""),
        (json!([[1]]), ""),
        (json!({}), "map<string>"),
        (json!({"a": "b"}), "map<string>"),
        (json!({"a": 1}), ""),
    ];
    for (value, fitting) in values {
        for ty in ParamType::ALL {
            let fits = fitting.split(' ').any(|word| word == ty.as_str());
            assert_eq!(ty.check(&value).is_ok(), fits, "{value} as {ty}");
        }
    }
}

#[test]
fn a_mismatch_says_what_and_where() {
    let cases = [
        (ParamType::StringList, json!(5), "expected a list of strings, found the number `5`"),
        (ParamType::Integer, json!(1.5), "expected an integer, found the number `1.5`"),
        (ParamType::Boolean, json!("yes"), "expected a boolean, found the string `yes`"),
        (ParamType::String, json!(null), "expected a string, found nothing"),
        (ParamType::StringMap, json!([]), "expected a mapping of strings, found a list"),
    ];
    for (ty, value, expected) in cases {
        let mismatch = ty.check(&value).unwrap_err();
        assert_eq!((mismatch.to_string().as_str(), mismatch.path.len()), (expected, 0));
    }
    let item = ParamType::StringList.check(&json!(["a", {}])).unwrap_err();
    assert_eq!(item.path, [Step::Index(1)]);
    assert_eq!(item.to_string(), "expected a string in a list of strings, found a mapping");
    let entry = ParamType::StringMap.check(&json!({"a": "b", "c": true})).unwrap_err();
    assert_eq!(entry.path, [Step::Key("c".into())]);
}

#[test]
fn limits_hold_for_values_and_elements() {
    let bases = spec(json!({
        "type": "list<string>", "default": ["a"], "description": "d", "allowed": ["a", "b"]
    }));
    assert!(bases.check(&json!(["b", "a"])).is_ok());
    let mismatch = bases.check(&json!(["a", "c"])).unwrap_err();
    assert_eq!(mismatch.path, [Step::Index(1)]);
    assert_eq!(mismatch.to_string(), "expected one of `a`, `b`, found `c`");
    let ratio = spec(json!({
        "type": "number", "default": 1, "description": "d", "allowed": [1.0, 2]
    }));
    assert!(ratio.check(&json!(2.0)).is_ok());
    assert!(ratio.check(&json!(3)).is_err());
}
