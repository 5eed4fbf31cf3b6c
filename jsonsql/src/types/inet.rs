//! Network addresses of hosts, and with the feature `ipnet` of networks.

use std::net::IpAddr;

use super::{Ordered, SqlType};
use crate::ast;
use crate::ast::SqlKind;
use crate::row::{Decode, Mismatch, Scalar};

/// A host, as PostgreSQL's `inet` prints it, `10.0.0.1`; a `cidr` column's
/// `10.0.0.1/32` is the same. A network is refused: it is not one address.
impl SqlType for IpAddr {
    const KIND: SqlKind = SqlKind::Inet;

    fn literal(&self) -> ast::Expr {
        ast::Expr::text(self.to_string())
    }
}

impl Ordered for IpAddr {}

impl<'de> Decode<'de> for IpAddr {
    const EXPECTED: &'static str = "the IP address of a host";

    fn decode(scalar: Scalar<'de>) -> Result<IpAddr, Mismatch> {
        match &scalar {
            Scalar::Text(text) => host(text),
            _ => None,
        }
        .ok_or_else(|| Mismatch::new::<IpAddr>(&scalar))
    }
}

fn host(text: &str) -> Option<IpAddr> {
    let (address, width) = match text.split_once('/') {
        Some((address, width)) => (address, Some(width)),
        None => (text, None),
    };
    let address: IpAddr = address.parse().ok()?;
    let whole = if address.is_ipv4() { "32" } else { "128" };
    width.is_none_or(|width| width == whole).then_some(address)
}

/// A network or a host in it, such as `10.0.0.0/8` or `10.0.0.1/8`, which
/// `inet` and `cidr` columns hold. A host alone, `10.0.0.1`, is read as
/// `10.0.0.1/32` and written as PostgreSQL's `inet` prints it, without `/32`.
#[cfg(feature = "ipnet")]
mod net {
    use ipnet::IpNet;

    use super::*;

    impl SqlType for IpNet {
        const KIND: SqlKind = SqlKind::Inet;

        fn literal(&self) -> ast::Expr {
            if self.prefix_len() == self.max_prefix_len() {
                self.addr().literal()
            } else {
                ast::Expr::text(self.to_string())
            }
        }
    }

    impl Ordered for IpNet {}

    /// Not by `ipnet`'s own parser, which takes `010.0.0.0/08`.
    fn network(text: &str) -> Option<IpNet> {
        let Some((address, width)) = text.split_once('/') else {
            return host(text).map(IpNet::from);
        };
        let width: u8 = width
            .parse()
            .ok()
            .filter(|bits: &u8| bits.to_string() == width)?;
        IpNet::new(address.parse().ok()?, width).ok()
    }

    impl<'de> Decode<'de> for IpNet {
        const EXPECTED: &'static str = "an IP address or network";

        fn decode(scalar: Scalar<'de>) -> Result<IpNet, Mismatch> {
            match &scalar {
                Scalar::Text(text) => network(text),
                _ => None,
            }
            .ok_or_else(|| Mismatch::new::<IpNet>(&scalar))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::decode;

    #[test]
    fn a_host_is_read_as_inet_and_cidr_print_it() {
        let hosts: Vec<IpAddr> =
            decode(br#"["10.0.0.1", "10.0.0.1/32", "2001:db8::1", "2001:db8::1/128"]"#).unwrap();
        assert_eq!(hosts[0], hosts[1]);
        assert_eq!(hosts[2], hosts[3]);
        assert_eq!(hosts[2].literal(), ast::Expr::text("2001:db8::1"));
        for wrong in ["10.0.0.1/24", "2001:db8::1/32", "10.0.0", "10.0.0.1/"] {
            assert_eq!(
                decode::<IpAddr>(format!("[\"{wrong}\"]").as_bytes())
                    .unwrap_err()
                    .to_string(),
                "row 0, value 0: expected the IP address of a host, found a text"
            );
        }
    }

    #[cfg(feature = "ipnet")]
    #[test]
    fn a_network_keeps_its_host() {
        use ipnet::IpNet;
        let nets: Vec<IpNet> = decode(br#"["10.0.0.1", "10.0.0.5/24", "2001:db8::/32"]"#).unwrap();
        let texts: Vec<_> = nets.iter().map(SqlType::literal).collect();
        let expected = ["10.0.0.1", "10.0.0.5/24", "2001:db8::/32"];
        assert_eq!(texts, expected.map(ast::Expr::text));
        assert_eq!(
            decode::<IpNet>(br#"["10.0.0.0/33"]"#)
                .unwrap_err()
                .to_string(),
            "row 0, value 0: expected an IP address or network, found a text"
        );
        for wrong in [
            "010.0.0.0/8",
            "10.0.0.0/08",
            "10.0.0.0/+8",
            "10.0.0.0/ 8",
            "10/8",
        ] {
            assert!(
                decode::<IpNet>(format!("[\"{wrong}\"]").as_bytes()).is_err(),
                "{wrong}"
            );
        }
        assert_eq!(
            decode::<IpNet>(b"[10]").unwrap_err().to_string(),
            "row 0, value 0: expected an IP address or network, found a whole number"
        );
    }
}
