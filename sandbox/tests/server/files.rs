//! The file of a database: whose it is, and in which state.

use std::path::PathBuf;
use std::process::Command;

use jsonsql_sandbox::{Sandbox, Seed};
use rusqlite::Connection;
use serde_json::json;

use crate::cluster;
use crate::http::Client;

/// A file that goes with the test.
struct File(PathBuf);

impl File {
    fn new(name: &str) -> File {
        let name = format!("jsonsql-files-{name}-{}.db", std::process::id());
        let file = File(std::env::temp_dir().join(name));
        file.remove();
        file
    }

    fn remove(&self) {
        for suffix in ["", "-wal", "-shm", "-journal"] {
            let _ = std::fs::remove_file(format!("{}{suffix}", self.0.display()));
        }
    }

    async fn start(&self) -> Result<Sandbox, String> {
        let started = Sandbox::builder().database(&self.0).start().await;
        started.map_err(|error| error.to_string())
    }

    /// The message that the sandbox does not start with; the file stays as it is.
    async fn refusal(&self) -> String {
        let before = std::fs::read(&self.0).unwrap();
        let refusal = self.refusal_in_use().await;
        let after = std::fs::read(&self.0).unwrap();
        assert!(before == after, "it is written to");
        refusal
    }

    /// The same of a file that this process has open: reading it here would end
    /// the process's locks on it.
    async fn refusal_in_use(&self) -> String {
        let refused = self.start().await.expect_err("it starts");
        let named = format!("cannot open the database: `{}` ", self.0.display());
        let rest = refused.strip_prefix(&named);
        rest.unwrap_or_else(|| panic!("{refused}")).to_owned()
    }
}

impl Drop for File {
    fn drop(&mut self) {
        self.remove();
    }
}

#[tokio::test]
async fn two_sandboxes_on_one_file_are_refused_with_a_sentence() {
    let file = File::new("shared");
    let first = file.start().await.unwrap();
    let client = Client::login(&first).await;
    let sentence = "is in use by another sandbox, or open in another program; \
                    stop that one, or give this one a file of its own";
    // In this process and in another.
    assert_eq!(file.refusal_in_use().await, sentence);
    let other = Command::new(env!("CARGO_BIN_EXE_jsonsql-sandbox"))
        .arg("--database")
        .arg(&file.0)
        .output()
        .unwrap();
    assert!(!other.status.success() && other.stdout.is_empty());
    let said = String::from_utf8(other.stderr).unwrap();
    assert_eq!(
        said,
        format!(
            "error: cannot open the database: `{}` {sentence}\n",
            file.0.display()
        )
    );
    // The first one is not disturbed, and leaves the file to the next.
    let insert =
        json!({"into": "package", "columns": ["name"], "values": ["kept"], "returning": "name"});
    assert_eq!(client.result("insert", insert).await, json!(["kept"]));
    first.stop().await;
    let next = file.start().await.unwrap();
    let client = Client::login(&next).await;
    let kept = json!({"data": "name", "from": "package", "where": {"eq": ["name", "kept"]}});
    assert_eq!(client.select(kept).await, json!(["kept"]));
    assert!(file.refusal_in_use().await.starts_with("is in use"));
}

/// Many start at the same moment on a file that is not there yet.
#[tokio::test(flavor = "multi_thread")]
async fn one_of_many_sandboxes_gets_a_new_file() {
    let file = File::new("raced");
    let mut starting = tokio::task::JoinSet::new();
    for _ in 0..6 {
        let builder = Sandbox::builder().seed(Seed::Empty).database(&file.0);
        starting.spawn(builder.start());
    }
    let (started, refused): (Vec<_>, Vec<_>) = starting
        .join_all()
        .await
        .into_iter()
        .partition(Result::is_ok);
    assert_eq!((started.len(), refused.len()), (1, 5));
    for refused in refused {
        let said = refused.unwrap_err().to_string();
        assert!(said.contains("is in use by another sandbox"), "{said}");
    }
}

#[tokio::test]
async fn files_of_other_programs_are_refused_and_left() {
    let another = "is a database of another program; a sandbox needs a file of its own";
    for sql in [
        // Without a version, with one that is ours too, with another.
        "CREATE TABLE moz_places (id INTEGER PRIMARY KEY, url TEXT)",
        "CREATE TABLE subscriber (id INTEGER PRIMARY KEY, name TEXT); PRAGMA user_version = 2",
        "CREATE TABLE moz_places (id INTEGER PRIMARY KEY); PRAGMA user_version = 77",
        // Only marked: a GeoPackage.
        "PRAGMA application_id = 0x47504B47; CREATE TABLE subscriber (id INTEGER)",
        // All tables, but none of our versions.
        "CREATE TABLE domain (id); CREATE TABLE subscriber (id); CREATE TABLE terminal (id); \
         CREATE TABLE package (id)",
        "PRAGMA journal_mode = WAL; CREATE TABLE t (id)",
    ] {
        let file = File::new("foreign");
        let foreign = Connection::open(&file.0).unwrap();
        foreign.execute_batch(sql).unwrap();
        foreign.close().unwrap();
        assert_eq!(file.refusal().await, another, "{sql}");
    }
    for bytes in [&b"id;login;password\n1;a;b\n"[..], &[0xFF; 5000]] {
        let file = File::new("text");
        std::fs::write(&file.0, bytes).unwrap();
        let said = file.refusal().await;
        assert!(said.starts_with("is not a database"), "{said}");
    }
    // One without a byte is new.
    let file = File::new("nothing");
    std::fs::write(&file.0, "").unwrap();
    assert!(file.start().await.is_ok());
}

#[tokio::test]
async fn a_database_of_another_program_is_refused_on_postgresql() {
    let Some(url) = cluster::database().await else {
        return;
    };
    let (owner, connection) = cluster::connect(&url).await;
    let sql = "CREATE TABLE subscriber (id integer, name text)";
    owner.batch_execute(sql).await.unwrap();
    let refused = Sandbox::builder().database(&url).start().await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "cannot open the database: it has a table `subscriber` that no sandbox made; \
         a sandbox needs a database of its own"
    );
    let columns = "SELECT count(*) FROM information_schema.columns WHERE table_schema = 'public'";
    let row = owner.query_one(columns, &[]).await.unwrap();
    assert_eq!(row.get::<_, i64>(0), 2);
    drop(owner);
    connection.await.unwrap();
}

#[tokio::test]
async fn damaged_files_are_refused_in_words() {
    let file = File::new("damaged");
    let sandbox = file.start().await.unwrap();
    let client = Client::login(&sandbox).await;
    let names: Vec<_> = (0..2_000)
        .map(|number| json!([format!("p{number:0100}")]))
        .collect();
    let insert = json!({"into": "package", "columns": ["name"], "values": names});
    client.result("insert", insert).await;
    sandbox.stop().await;
    let whole = std::fs::read(&file.0).unwrap();
    assert!(whole.len() > 40 * 4096, "{} bytes", whole.len());
    let refused = async |bytes: &[u8]| {
        std::fs::write(&file.0, bytes).unwrap();
        let said = file.refusal().await;
        assert!(said.starts_with("is damaged ("), "{said}");
        assert!(said.contains("put a copy of it in its place"), "{said}");
    };
    // Cut off, at a page and within one.
    refused(&whole[..20 * 4096]).await;
    refused(&whole[..20 * 4096 + 100]).await;
    // Pages that are others, zeroed or filled with anything.
    for page in [1, 5, 20, 35] {
        for byte in [0, 0xA5] {
            let mut bytes = whole.clone();
            bytes[page * 4096..(page + 1) * 4096].fill(byte);
            refused(&bytes).await;
        }
    }
    std::fs::write(&file.0, &whole).unwrap();
    assert!(file.start().await.is_ok());
}
