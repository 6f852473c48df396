//! What commands say beside their data.

super::catalogue! {
    LEFT_OUT = "{kind} {id} does not load and is left out", "{kind}“{id}”无法载入，未计入";
}
