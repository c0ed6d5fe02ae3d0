// Texts in the reader's language: elements with data-text="key" are filled from
// /lang/<language>.json; keys that a language lacks stay in English.

const AVAILABLE = ["en", "de", "fr", "ja"];
const STORAGE_KEY = "language";

let texts = {};

export function language() {
  const chosen = localStorage.getItem(STORAGE_KEY);
  const wanted = [chosen, ...navigator.languages].filter(Boolean);
  return wanted.map((tag) => tag.slice(0, 2)).find((tag) => AVAILABLE.includes(tag)) ?? "en";
}

export function chooseLanguage(tag) {
  localStorage.setItem(STORAGE_KEY, tag);
}

export function text(key, values = {}) {
  const template = texts[key] ?? key;
  return template.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

export async function translate() {
  const tag = language();
  const load = async (name) => (await fetch(`/lang/${name}.json`)).json();
  texts = { ...(await load("en")), ...(tag === "en" ? {} : await load(tag)) };
  document.documentElement.lang = tag;
  for (const element of document.querySelectorAll("[data-text]")) {
    element.textContent = text(element.dataset.text);
  }
}
