// What components/elements/browser.py puts before every script.
declare const TEXTS: Record<string, string>;
