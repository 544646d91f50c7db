/**
 * Bundle the viewers: one ES module each, with stable names, into the Python package. The manifest holds their sha256,
 * which the loader puts into the address, so browsers may keep the files for ever.
 */

import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const OUT = join(HERE, "../workbench/widgets/static");
const ENTRIES = ["ecg_viewer", "film_viewer", "screen_check", "second_window", "shell"];

/** Folder of the package a bundled file comes from, or null for our own files. */
function packageOf(input) {
  const parts = input.split("/");
  const at = parts.lastIndexOf("node_modules");
  if (at < 0) return null;
  return parts.slice(0, at + (parts[at + 1].startsWith("@") ? 3 : 2)).join("/");
}

function licenceOf(folder) {
  const about = JSON.parse(readFileSync(join(HERE, folder, "package.json"), "utf8"));
  const files = readdirSync(join(HERE, folder)).filter((name) => /^(licen[cs]e|copying|notice)/i.test(name)).sort();
  const texts = files.map((name) => readFileSync(join(HERE, folder, name), "utf8").trim());
  const named = typeof about.license === "object" ? about.license.type : about.license;
  const author = typeof about.author === "object" ? about.author.name : about.author;
  const words = texts.length ? texts.join("\n\n") : `(the package brings no licence file; author: ${author ?? "see its repository"})`;
  return { title: `${about.name} ${about.version} - ${named ?? "no licence named"}`, named, words };
}

/** `import source from "thread:./x.mjs"`: the module with all it needs, as the text a thread of the browser is started from. */
const threads = { name: "threads", setup(build) {
  build.onResolve({ filter: /^thread:/ }, ({ path, resolveDir }) => ({ path: join(resolveDir, path.slice(7)), namespace: "thread" }));
  build.onLoad({ filter: /.*/, namespace: "thread" }, async ({ path }) => {
    const made = await esbuild.build({ entryPoints: [path], bundle: true, write: false, format: "iife", minify: true, target: "es2022" });
    return { contents: made.outputFiles[0].text, loader: "text" };
  });
} };

mkdirSync(OUT, { recursive: true });
const result = await esbuild.build({
  absWorkingDir: HERE, entryPoints: ENTRIES.map((name) => `${name}.mjs`), outdir: OUT, bundle: true, format: "esm", minify: true,
  target: "es2022", charset: "utf8", legalComments: "none", metafile: true, external: ["fs", "path"],
  plugins: [threads], alias: { xmlbuilder2: "./stub/xmlbuilder2.mjs" }, define: { "process.env.NODE_ENV": '"production"' }, logLevel: "warning",
});

const folders = [...new Set(Object.values(result.metafile.outputs).flatMap(({ inputs }) => Object.entries(inputs)
  .filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([input]) => packageOf(input))).filter(Boolean))].sort();
const licences = folders.map(licenceOf);
const unknown = licences.filter(({ named }) => !named || /GPL/i.test(named));
if (unknown.length) throw new Error(`cannot ship: ${unknown.map(({ title }) => title).join("; ")}`);
const line = "-".repeat(100);
writeFileSync(join(OUT, "THIRD_PARTY.txt"), [
  "Software of others that is part of the viewers, with its licences.", "",
  ...licences.map(({ title }) => `  ${title}`), "", ...licences.flatMap(({ title, words }) => [line, title, line, words, ""]),
].join("\n"));

const manifest = Object.fromEntries(ENTRIES.map((name) => {
  const bytes = readFileSync(join(OUT, `${name}.js`));
  return [`${name}.js`, { sha256: createHash("sha256").update(bytes).digest("hex"), bytes: bytes.length }];
}));
writeFileSync(join(OUT, "manifest.json"), `${JSON.stringify(manifest, null, 1)}\n`);
console.log(Object.entries(manifest).map(([name, { bytes }]) => `${name} ${(bytes / 1024).toFixed(1)} KB`).join("\n"));
