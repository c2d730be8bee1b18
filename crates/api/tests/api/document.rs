//! The document of the API: that it is current, complete and true. That every answer of every test
//! is as it says is looked at where answers come in.

use crate::world::World;
use jsonschema::Validator;
use serde_json::{Map, Value, json};
use std::collections::{BTreeSet, HashMap};
use std::sync::{LazyLock, Mutex};

on_both_engines! {
    every_documented_method_is_a_route_and_the_other_way_round,
    anybody_may_read_the_document,
}

static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(tawzi_api::document()).unwrap());

/// The schemas as they are, but nothing may be in an answer that they do not name.
static STRICT: LazyLock<Value> = LazyLock::new(|| {
    let mut components = DOCUMENT["components"].clone();
    let mut extended = BTreeSet::new();
    extended_schemas(&components, &mut extended);
    for (name, schema) in components["schemas"].as_object_mut().unwrap() {
        let closed = schema.get("properties").is_some() || schema.get("allOf").is_some();
        if closed && !extended.contains(name) {
            schema["unevaluatedProperties"] = json!(false);
        }
    }
    components
});

static VALIDATORS: LazyLock<Mutex<HashMap<String, Validator>>> = LazyLock::new(Mutex::default);

/// Says what is wrong with an answer by the document.
pub(crate) fn check(method: &str, path: &str, status: u16, body: &Value) -> Result<(), String> {
    let Some(item) = item(path) else {
        return Ok(());
    };
    let documented = match method {
        "HEAD" => &item["get"],
        method => &item[method.to_lowercase()],
    };
    if documented.is_null() {
        return Ok(());
    }
    let answer = &documented["responses"][status.to_string()];
    if answer.is_null() {
        return Err(format!(
            "the document knows no {status} of {method} {path}: {body}"
        ));
    }
    let schema = &resolved(answer)["content"]["application/json"]["schema"];
    if method == "HEAD" || (schema.is_null() && body.is_null()) {
        return Ok(());
    }
    if schema.is_null() {
        return Err(format!(
            "the document knows no body of {status} {method} {path}: {body}"
        ));
    }
    // Alternatives that differ for the strict reader alone are none to others.
    let obeyed = obeys(schema, body).and_then(|()| obeys_in(&DOCUMENT["components"], schema, body));
    obeyed.map_err(|problem| format!("{status} {method} {path}: {problem} in {body}"))
}

/// What the document says about the address.
fn item(path: &str) -> Option<&'static Value> {
    let path = path.split('?').next().unwrap_or_default();
    let paths = DOCUMENT["paths"].as_object().unwrap();
    if let Some(item) = paths.get(path) {
        return Some(item);
    }
    let fits = |template: &str| {
        template.matches('/').count() == path.matches('/').count()
            && template
                .split('/')
                .zip(path.split('/'))
                .all(|(part, given)| part == given || part == "{id}")
    };
    let found = paths.iter().find(|(template, _)| fits(template));
    found.map(|(_, item)| item)
}

fn resolved(value: &'static Value) -> &'static Value {
    match value["$ref"].as_str() {
        Some(reference) => DOCUMENT.pointer(reference.trim_start_matches('#')).unwrap(),
        None => value,
    }
}

fn obeys(schema: &Value, value: &Value) -> Result<(), String> {
    obeys_in(&STRICT, schema, value)
}

fn obeys_in(components: &Value, schema: &Value, value: &Value) -> Result<(), String> {
    let mut validators = VALIDATORS.lock().unwrap();
    let key = format!("{:p} {schema}", std::ptr::from_ref(components));
    let validator = validators.entry(key).or_insert_with(|| {
        let schema = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "allOf": [schema],
            "components": components,
        });
        let options = jsonschema::options().should_validate_formats(true);
        options.build(&schema).unwrap()
    });
    match validator.iter_errors(value).next() {
        None => Ok(()),
        Some(error) => Err(format!("{error} at {}", error.instance_path())),
    }
}

/// The schemas to which others add properties.
fn extended_schemas(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            for part in object
                .get("allOf")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
            {
                let name = part["$ref"]
                    .as_str()
                    .and_then(|reference| reference.rsplit('/').next());
                names.extend(name.map(str::to_owned));
            }
            object
                .values()
                .for_each(|part| extended_schemas(part, names));
        }
        Value::Array(parts) => parts.iter().for_each(|part| extended_schemas(part, names)),
        _ => {}
    }
}

#[test]
fn the_committed_copy_is_current() {
    let committed = include_str!("../../../../docs/openapi.json");

    assert!(
        committed == tawzi_api::document(),
        "the API has changed; run `cargo run -- openapi > docs/openapi.json`"
    );
}

#[test]
fn every_example_obeys_its_schema() {
    let mut examples = 0;

    for (name, schema) in DOCUMENT["components"]["schemas"].as_object().unwrap() {
        for example in schema["examples"].as_array().into_iter().flatten() {
            let schema = json!({"$ref": format!("#/components/schemas/{name}")});
            assert_eq!(obeys(&schema, example), Ok(()), "{name}");
            examples += 1;
        }
    }

    assert!(examples > 10);
}

#[test]
fn every_operation_has_a_name_of_its_own_and_says_what_it_is_for() {
    let mut names = BTreeSet::new();
    let tags: Vec<_> = DOCUMENT["tags"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tag| &tag["name"])
        .collect();

    for operation in operations() {
        let name = operation["operationId"].as_str().unwrap();
        assert!(names.insert(name), "{name}");
        assert!(
            operation["summary"].as_str().unwrap().ends_with('.'),
            "{name}"
        );
        assert!(tags.contains(&&operation["tags"][0]), "{name}");
    }
}

fn operations() -> impl Iterator<Item = &'static Value> {
    let items = DOCUMENT["paths"].as_object().unwrap().values();
    items.flat_map(|item| item.as_object().unwrap().values())
}

async fn every_documented_method_is_a_route_and_the_other_way_round(world: World) {
    for (path, item) in DOCUMENT["paths"].as_object().unwrap() {
        let answer = world
            .ask("owner1", "OPTIONS", &path.replace("{id}", "1"))
            .await;

        let allowed = answer.header("allow").to_lowercase();
        let allowed: BTreeSet<_> = allowed
            .split(", ")
            .filter(|name| !matches!(*name, "head" | "options"))
            .collect();
        let documented: BTreeSet<_> = item
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        assert_eq!(allowed, documented, "{path}");
        assert_eq!(
            answer.header("allow").contains("HEAD"),
            documented.contains("get"),
            "{path}"
        );
    }
}

async fn anybody_may_read_the_document(world: World) {
    let answer = world.get("", "/api/openapi.json").await;

    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "no-store");
    answer.is(200, &*DOCUMENT);
    assert_eq!(answer.body["openapi"], "3.1.0");
}

/// The properties of the body that an address reads, each without references, and those that it
/// must have.
pub(crate) fn request_fields(method: &str, path: &str) -> (Map<String, Value>, BTreeSet<String>) {
    let operation = &item(path).unwrap()[method.to_lowercase()];
    let schema = resolved(&operation["requestBody"]["content"]["application/json"]["schema"]);
    let fields = schema["properties"].as_object().unwrap();
    let fields = fields
        .iter()
        .map(|(name, field)| (name.clone(), resolved(field).clone()));
    let required = schema["required"].as_array().into_iter().flatten();
    let required = required.map(|name| name.as_str().unwrap().to_owned());
    (fields.collect(), required.collect())
}
