//! A PostgreSQL server of the tests' own, thrown away afterwards.

use std::io::Read;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use tokio::task::JoinHandle;
use tokio_postgres::error::SqlState;

/// A running server, for all tests of this process. It ends with the process,
/// however that ends.
struct Cluster {
    directory: PathBuf,
    /// A shell that ends the server, and cleans up, when its standard input ends.
    keeper: Child,
}

static RUNNING: LazyLock<Option<Cluster>> = LazyLock::new(running);
static DATABASES: AtomicU32 = AtomicU32::new(0);

/// A new database, as a URL. None, and a word about it, where PostgreSQL is
/// not installed.
pub(crate) async fn database() -> Option<String> {
    let cluster = RUNNING.as_ref()?;
    let number = DATABASES.fetch_add(1, Ordering::Relaxed);
    let (client, connection) = connect(&cluster.url("postgres")).await;
    let name = format!("sandbox_{number}");
    client
        .batch_execute(&format!("CREATE DATABASE {name}"))
        .await
        .unwrap();
    drop(client);
    connection.await.unwrap();
    Some(cluster.url(&name))
}

/// A new database whose owner may do nothing else on the server.
#[allow(dead_code, reason = "other tests have this file too")]
pub(crate) async fn database_of_a_mortal() -> Option<String> {
    let url = database().await?;
    let (client, connection) = connect(&url).await;
    let name = url.rsplit('/').next().unwrap();
    client
        .batch_execute(&format!(
            "DO $$ BEGIN CREATE ROLE jsonsql_sandbox NOLOGIN; \
               EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$; \
             CREATE ROLE owner_of_{name} LOGIN IN ROLE jsonsql_sandbox; \
             ALTER DATABASE {name} OWNER TO owner_of_{name}"
        ))
        .await
        .unwrap();
    drop(client);
    connection.await.unwrap();
    Some(url.replace("//postgres@", &format!("//owner_of_{name}@")))
}

/// A connection of the test's own.
pub(crate) async fn connect(url: &str) -> (tokio_postgres::Client, JoinHandle<()>) {
    for _ in 0..500 {
        match tokio_postgres::connect(url, tokio_postgres::NoTls).await {
            Ok((client, connection)) => {
                return (client, tokio::spawn(async { connection.await.unwrap() }));
            }
            // It answers before it is ready.
            Err(error) if error.code() == Some(&SqlState::CANNOT_CONNECT_NOW) => {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            Err(error) => panic!("{error:?}"),
        }
    }
    panic!("PostgreSQL never becomes ready");
}

fn running() -> Option<Cluster> {
    match binaries() {
        Some(binaries) => Some(Cluster::start(&binaries)),
        None => {
            crate::say(
                "skipped what needs PostgreSQL: no initdb on PATH, by pg_config or in /usr/lib",
            );
            None
        }
    }
}

fn binaries() -> Option<PathBuf> {
    let has = |directory: &PathBuf| directory.join("initdb").is_file();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let named = Command::new("pg_config").arg("--bindir").output().ok();
    let named = named.map(|output| String::from_utf8_lossy(&output.stdout).trim().into());
    let packaged = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten();
    // Debian's initdb on PATH may be a link to a wrapper; the directory it
    // lives in has the server beside it.
    let resolved = |directory: PathBuf| {
        Some(
            directory
                .join("initdb")
                .canonicalize()
                .ok()?
                .parent()?
                .to_owned(),
        )
    };
    std::env::split_paths(&path)
        .filter_map(resolved)
        .chain(named)
        .chain(packaged.flatten().map(|entry| entry.path().join("bin")))
        .find(has)
}

/// The user to run as, since PostgreSQL refuses to be root.
fn unprivileged() -> Option<(u32, u32)> {
    let ours = std::env::temp_dir().join(format!("jsonsql-uid-{}", std::process::id()));
    std::fs::write(&ours, "").unwrap();
    let is_root = std::fs::metadata(&ours).unwrap().uid() == 0;
    std::fs::remove_file(&ours).unwrap();
    if !is_root {
        return None;
    }
    let users = std::fs::read_to_string("/etc/passwd").unwrap();
    let user = users.lines().find(|line| line.starts_with("nobody:"))?;
    let mut ids = user.split(':').skip(2);
    Some((ids.next()?.parse().ok()?, ids.next()?.parse().ok()?))
}

/// Its first argument is the directory, the others are the server's command.
const KEEPER: &str = "D=$1; shift; \"$@\" & read _; kill -INT $!; wait $!; rm -rf \"$D\"";

impl Cluster {
    fn start(binaries: &Path) -> Cluster {
        let directory = std::env::temp_dir().join(format!("jsonsql-pg-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&directory);
        std::fs::create_dir(&directory).unwrap();
        let user = unprivileged();
        if let Some((uid, gid)) = user {
            chown(&directory, Some(uid), Some(gid)).unwrap();
        }
        let command = |program: &Path| {
            let mut command = Command::new(program);
            command.current_dir(&directory).stdout(Stdio::null());
            if let Some((uid, gid)) = user {
                command.uid(uid).gid(gid);
            }
            command
        };
        let data = directory.join("data");
        let made = command(&binaries.join("initdb"))
            .args(["-U", "postgres", "-A", "trust", "-E", "UTF8"])
            .args(["--locale=C.UTF-8", "--no-sync", "-D"])
            .arg(&data)
            .status()
            .unwrap();
        assert!(made.success(), "initdb failed");
        let keeper = command(Path::new("sh"))
            .args(["-c", KEEPER, "sh"])
            .arg(&directory)
            .arg(binaries.join("postgres"))
            .arg("-D")
            .arg(&data)
            .arg("-k")
            .arg(&directory)
            .args(["-c", "listen_addresses=", "-c", "fsync=off"])
            .args(["-c", "synchronous_commit=off", "-c", "full_page_writes=off"])
            .args(["-c", "max_connections=200"])
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut cluster = Cluster { directory, keeper };
        let end = Instant::now() + Duration::from_secs(30);
        while std::os::unix::net::UnixStream::connect(cluster.directory.join(".s.PGSQL.5432"))
            .is_err()
        {
            if Instant::now() > end {
                drop(cluster.keeper.stdin.take());
                let mut said = String::new();
                let _ = cluster
                    .keeper
                    .stderr
                    .take()
                    .unwrap()
                    .read_to_string(&mut said);
                panic!("PostgreSQL does not start: {said}");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        // Nobody reads what it says from here on; it must not wait for them.
        let mut stderr = cluster.keeper.stderr.take().unwrap();
        std::thread::spawn(move || std::io::copy(&mut stderr, &mut std::io::sink()));
        cluster
    }

    fn url(&self, database: &str) -> String {
        let host = self.directory.to_str().unwrap().replace('/', "%2F");
        format!("postgres://postgres@{host}/{database}")
    }
}
