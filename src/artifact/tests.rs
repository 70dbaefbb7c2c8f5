//! Per inspector one healthy artifact and several broken ones; and hostile input for all of them.

mod attestation;
mod crash_report;
mod cross;
mod dumps;
mod embedded;
mod hostile;
mod jwt;
mod keys;
mod pem;
mod plists;
mod profile;
mod vectors;
mod web;
