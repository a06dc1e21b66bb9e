/** The style of the page for people; its hash stands in the page's policy. */
export const style = `
:root {
  color-scheme: light dark;
  --paper: #f7f5f1; --card: #ffffff; --ink: #22262b; --soft: #5a626b; --line: #e2ddd3;
  --accent: #1d5c63; --code: #f1eee7; --on-accent: #ffffff;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14181b; --card: #1c2226; --ink: #e6e4df; --soft: #a3acb3; --line: #2d353a;
    --accent: #7fc4c9; --code: #12171a; --on-accent: #10272a;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; padding: 0 1.25rem 4rem; background: var(--paper); color: var(--ink);
  font: 1.0625rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  -webkit-text-size-adjust: 100%;
}
header, main { max-width: 42rem; margin: 0 auto; }
header { padding: 2rem 0 0; }
.mark { margin: 0; font-weight: 650; letter-spacing: .04em; color: var(--accent); }
h1 { margin: 2.5rem 0 .75rem; font-size: clamp(1.6rem, 1.2rem + 2vw, 2.25rem); line-height: 1.2; font-weight: 400; text-wrap: balance; }
h1 b { font-weight: 650; overflow-wrap: anywhere; }
.lead { margin: 0 0 2rem; color: var(--soft); font-size: 1.125rem; }
section { margin: 0 0 1rem; padding: 1.25rem 1.5rem; background: var(--card); border: 1px solid var(--line); border-radius: .75rem; }
section.quiet { background: none; border: none; padding: .75rem 1.5rem; color: var(--soft); font-size: .95rem; }
h2 { display: flex; align-items: baseline; gap: .6rem; margin: 0 0 .5rem; font-size: 1.0625rem; font-weight: 650; }
.quiet h2 { font-size: .95rem; margin: 0 0 .25rem; }
.step {
  flex: none; width: 1.5rem; height: 1.5rem; border-radius: 50%; background: var(--accent); color: var(--on-accent);
  font-size: .85rem; line-height: 1.5rem; text-align: center;
}
p { margin: 0 0 .75rem; }
section > :last-child { margin-bottom: 0; }
pre {
  margin: 0 0 .75rem; padding: .75rem 1rem; overflow-x: auto; white-space: pre; background: var(--code); border: 1px solid var(--line);
  border-radius: .5rem; font-size: .9rem; line-height: 1.7;
}
pre:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
code, .fingerprint { font-family: ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", monospace; }
p code { padding: .1em .35em; background: var(--code); border: 1px solid var(--line); border-radius: .3rem; font-size: .9em; }
pre code { display: block; padding-left: 2ch; text-indent: -2ch; }
pre span { display: inline-block; text-indent: 0; max-width: 100%; }
.fingerprint { display: grid; grid-template-columns: repeat(8, max-content); gap: 0 1.25ch; font-size: .85rem; line-height: 1.8; }
@media (max-width: 30rem) {
  body { padding: 0 1rem 3rem; }
  header { padding-top: 1.25rem; }
  h1 { margin-top: 1.5rem; }
  section, section.quiet { padding: 1rem; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; }
  .fingerprint { grid-template-columns: repeat(4, max-content); }
}
`;
