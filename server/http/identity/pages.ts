import { escapeHtml, htmlPage } from './html'

/** Posts the page's one form; served as a file, since no inline script may run. */
export const SUBMIT_SCRIPT = 'document.forms[0].submit()\n'
export const SUBMIT_SCRIPT_PATH = '/application/o/vigia/submit.js'

export interface Link {
  href: string
  text: string
}

const AGAIN: Link = { href: '/auth/login', text: 'Sign in again' }

/** A refusal or fault in plain words, with the one step that may help. The request id finds it in the log. */
export function errorPage(title: string, text: string, link: Link = AGAIN, requestId?: string): string {
  const id = requestId ? `<small>Request ${escapeHtml(requestId)}</small>` : ''
  return htmlPage(
    title,
    `<h1>${escapeHtml(title)}</h1>
<p role="alert">${escapeHtml(text)}</p>
<a class="button" href="${escapeHtml(link.href)}">${escapeHtml(link.text)}</a>
${id}`,
  )
}

export function signedOutPage(): string {
  return htmlPage(
    'Signed out',
    `<h1>You are signed out</h1>
<p>Your session here and at the identity provider is over.</p>
<a class="button" href="/auth/login">Sign in</a>`,
  )
}

/** `form` is the provider's own; its button is added here. */
export function signOutPage(form: string, submitsItself: boolean): string {
  const button = '<button class="button" name="logout" value="yes">Sign out</button></form>'
  // A form that a script submits sends no button, so the choice is a field of its own.
  const choice = submitsItself ? '<input type="hidden" name="logout" value="yes">' : ''
  const script = submitsItself ? `<script src="${SUBMIT_SCRIPT_PATH}" defer></script>` : ''
  return htmlPage('Sign out', `<h1>Sign out of Vigia?</h1>${form.replace('</form>', `${choice}${button}`)}${script}`)
}

/** The embedded provider's own sign-in. The typed name comes back, the password never. */
export function signInPage(action: string, { username = '', error }: { username?: string; error?: string } = {}): string {
  const described = error ? ' aria-invalid="true" aria-describedby="error"' : ''
  const [nameFocus, passwordFocus] = username ? ['', ' autofocus'] : [' autofocus', '']
  return htmlPage(
    'Sign in',
    `<h1>Sign in</h1>
<form method="post" action="${escapeHtml(action)}">
${error ? `<p class="error" id="error" role="alert">${escapeHtml(error)}</p>` : ''}
<label for="username">Username</label>
<input id="username" name="username" value="${escapeHtml(username)}" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="100" required${described}${nameFocus}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" maxlength="200" required${described}${passwordFocus}>
<button class="button">Sign in</button>
</form>
<small>Password lost? On this machine run <code>npm run operator -- reset</code>.</small>`,
  )
}
