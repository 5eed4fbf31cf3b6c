//! Nothing: the package is its tests of the console in a browser.
