const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** A text as it may stand in an element or a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => ENTITIES[char]!)
}

/** The product's tokens, light and dark; nothing comes from outside and nothing runs. */
const STYLE = `
:root{color-scheme:light dark;--bg:#f7f7f8;--panel:#fff;--line:#e6e6ea;--line2:#d4d4da;--field:#8b8b96;--text:#17171c;--muted:#63636e;--accent:#3451d1;--fail:#b3261e;--fail-soft:#fde5e3}
@media(prefers-color-scheme:dark){:root{--bg:#0c0d10;--panel:#121418;--line:#23262d;--line2:#333742;--field:#6d6d79;--text:#ececf1;--muted:#a0a0ac;--accent:#8ea2ff;--fail:#ff8a80;--fail-soft:#341614}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;place-items:center;padding:24px 16px;background:var(--bg);color:var(--text);font:15px/1.5 "Inter Variable",Inter,system-ui,sans-serif;-webkit-font-smoothing:antialiased}
main{width:100%;max-width:380px;background:var(--panel);border:1px solid var(--line);border-radius:12px;padding:28px}
.brand{display:flex;align-items:center;gap:9px;font-weight:650;letter-spacing:-.01em;margin:0 0 20px}
.brand i{width:22px;height:22px;border-radius:50%;border:6px solid var(--text);background:var(--accent)}
h1{font-size:20px;line-height:1.3;letter-spacing:-.02em;font-weight:640;margin:0 0 6px}
p{margin:0 0 16px;color:var(--muted)}
label{display:block;font-weight:550;margin:14px 0 5px}
input:not([type=hidden]){width:100%;font:inherit;color:inherit;background:var(--bg);border:1px solid var(--field);border-radius:8px;padding:9px 11px}
.button{display:block;width:100%;text-align:center;text-decoration:none;font:inherit;font-weight:600;color:var(--bg);background:var(--text);border:1px solid var(--text);border-radius:8px;padding:10px 12px;margin-top:20px;cursor:pointer}
.error{color:var(--fail);background:var(--fail-soft);border-radius:8px;padding:9px 12px;margin:14px 0 0}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
small{display:block;margin-top:18px;color:var(--muted)}
`

/** A whole page in the product's look. `body` is HTML: whoever writes it escapes what is not its own. */
export function htmlPage(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escapeHtml(title)} · Vigia</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<div class="brand"><i aria-hidden="true"></i>Vigia</div>
${body}
</main>
</body>
</html>
`
}
