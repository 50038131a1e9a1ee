import { expect, it } from 'vitest'
import { errorPage, signInPage, signOutPage } from './pages'

const HOSTILE = `"><script>alert(1)</script>'&`

it('escapes what came from outside, in text and in attributes', () => {
  for (const page of [
    signInPage(`/sign-in/${HOSTILE}`, { username: HOSTILE, error: HOSTILE }),
    errorPage(HOSTILE, HOSTILE, { href: HOSTILE, text: HOSTILE }, HOSTILE),
  ]) {
    expect(page).not.toContain('<script')
    expect(page).toContain('&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&#39;&amp;')
  }
})

it('names the field and the fault to a screen reader', () => {
  const page = signInPage('/sign-in/1', { username: 'anna', error: 'No match.' })
  expect(page).toContain('<p class="error" id="error" role="alert">No match.</p>')
  expect(page.match(/aria-describedby="error"/g)).toHaveLength(2)
})

it('submits the sign-out by itself only when it may', () => {
  const form = '<form method="post" action="/x"></form>'
  expect(signOutPage(form, true)).toContain('<script src="/application/o/vigia/submit.js" defer></script>')
  expect(signOutPage(form, false)).not.toContain('<script')
})
