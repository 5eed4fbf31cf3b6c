//! Requests over HTTPS.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use reqwest::redirect::Policy;
use secrecy::{ExposeSecret, SecretString};

use super::failure::{failure, root_cause};
use super::retry_after::{date, retry_after};
use super::{Authorization, HttpMethod, Reply, Request, Transport};
use crate::error::{ConfigError, TransportError, TransportErrorKind};

const SESSION_HEADER: &str = "iptvportal-authorization";

/// The way to the server.
pub(crate) struct HttpOptions {
    pub(crate) connect_timeout: Duration,
    pub(crate) idle_timeout: Duration,
    pub(crate) user_agent: String,
    pub(crate) root_certificates: Vec<Vec<u8>>,
    pub(crate) accept_any_certificate: bool,
    pub(crate) proxy: Option<url::Url>,
}

/// The room that is made for an answer before any of it has come: what a server
/// announces costs it nothing.
const RESERVED: usize = 1 << 20;

/// The longest an unused connection is kept, whatever the setting says: the
/// pool adds it to its clock.
const LONGEST_IDLE: Duration = Duration::from_secs(24 * 60 * 60);

/// A pool of connections.
pub(crate) struct Http {
    client: reqwest::Client,
    through_proxy: bool,
}

impl Http {
    pub(crate) fn new(options: &HttpOptions) -> Result<Http, ConfigError> {
        // reqwest takes the process's default provider and panics without one.
        // Losing the race to install it means that there is one.
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            let _ = rustls::crypto::ring::default_provider().install_default();
        }
        let failed = |error: reqwest::Error| ConfigError::Http(root_cause(&error));
        let mut builder = reqwest::Client::builder()
            // A redirect would carry the session or password to another place.
            .redirect(Policy::none())
            .referer(false)
            // A proxy from the environment would get plain HTTP meant for
            // this host; who wants one says so.
            .no_proxy()
            // What is known of a request that ended early is known of HTTP/1.1. HTTP/2 is
            // offered wherever another crate of the program asks reqwest for it.
            .http1_only()
            .connect_timeout(options.connect_timeout)
            .pool_idle_timeout(options.idle_timeout.min(LONGEST_IDLE))
            .user_agent(&options.user_agent)
            .tcp_nodelay(true);
        for pem in &options.root_certificates {
            let certificates = reqwest::Certificate::from_pem_bundle(pem)
                .map_err(|error| ConfigError::RootCertificate(root_cause(&error)))?;
            if certificates.is_empty() {
                let problem = "no certificate in it".to_owned();
                return Err(ConfigError::RootCertificate(problem));
            }
            builder = builder.tls_certs_merge(certificates);
        }
        if options.accept_any_certificate {
            builder = builder.tls_danger_accept_invalid_certs(true);
        }
        if let Some(proxy) = &options.proxy {
            builder = builder.proxy(reqwest::Proxy::all(proxy.clone()).map_err(failed)?);
        }
        Ok(Http {
            client: builder.build().map_err(failed)?,
            through_proxy: options.proxy.is_some(),
        })
    }

    async fn exchange(&self, request: Request<'_>) -> Result<Reply, TransportError> {
        let mut sent = self
            .client
            .request(method(request.method), request.url.clone())
            .header(ACCEPT, HeaderValue::from_static("application/json"));
        if let Some(content_type) = request.content_type {
            let content_type = HeaderValue::from_static(content_type);
            sent = sent.header(CONTENT_TYPE, content_type).body(request.body.0);
        }
        sent = match request.authorization {
            Authorization::None => sent,
            Authorization::Session(session) => {
                sent.header(SESSION_HEADER, session_header(session)?)
            }
            Authorization::Basic { username, password } => {
                sent.basic_auth(username, Some(password.expose_secret()))
            }
        };
        let failed = |error: reqwest::Error| failure(&error, self.through_proxy);
        let mut response = sent.send().await.map_err(failed)?;
        let mut reply = Reply {
            status: response.status().as_u16(),
            retry_after: retry_after(response.headers()),
            date: date(response.headers()),
            body: Vec::new(),
        };
        let limit = request.limit;
        let too_large =
            || TransportError::maybe_sent(TransportErrorKind::TooLarge, format!("{limit} bytes"));
        let announced = response.content_length().unwrap_or(0);
        if announced > limit as u64 {
            return Err(too_large());
        }
        let announced = usize::try_from(announced).unwrap_or(RESERVED);
        reply.body.reserve(announced.min(RESERVED));
        while let Some(chunk) = response.chunk().await.map_err(failed)? {
            if chunk.len() > limit - reply.body.len() {
                return Err(too_large());
            }
            reply.body.extend_from_slice(&chunk);
        }
        Ok(reply)
    }
}

impl Transport for Http {
    fn send<'a>(
        &'a self,
        request: Request<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<Reply, TransportError>> + Send + 'a>> {
        Box::pin(self.exchange(request))
    }
}

fn method(method: HttpMethod) -> reqwest::Method {
    match method {
        HttpMethod::Get => reqwest::Method::GET,
        HttpMethod::Post => reqwest::Method::POST,
        HttpMethod::Put => reqwest::Method::PUT,
        HttpMethod::Delete => reqwest::Method::DELETE,
    }
}

fn session_header(session: &SecretString) -> Result<HeaderValue, TransportError> {
    let mut header = HeaderValue::try_from(format!("sessionid={}", session.expose_secret()))
        .map_err(|_| {
            let detail = "the session id does not fit into a header";
            TransportError::not_sent(TransportErrorKind::Connect, detail)
        })?;
    header.set_sensitive(true);
    Ok(header)
}
