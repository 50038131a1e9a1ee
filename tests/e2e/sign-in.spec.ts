import { expect, fillSignIn, signIn, stranger, test } from './fixtures'

test.use({ stage: { name: 'sign-in' }, storageState: { cookies: [], origins: [] } })

const FORM = /\/application\/o\/vigia\/sign-in\//

test('a page without a session leads to the form, and after it to where one wanted to go', async ({ page, portal }) => {
  await page.goto('/tenants?status=failing')
  await expect(page).toHaveURL(FORM)
  await fillSignIn(page, portal.operator)
  await expect(page).toHaveURL('/tenants?status=failing')
  await expect(page.getByRole('heading', { name: 'Tenants', level: 1 })).toBeVisible()
  await expect(page.getByRole('button', { name: /account of/ })).toBeVisible()
})

test('a wrong password is said, the name stays, and the right one then leads in', async ({ page, portal }) => {
  await page.goto('/settings/users')
  await fillSignIn(page, { ...portal.operator, password: 'not the password' })
  await expect(page.getByRole('alert')).toHaveText('This username and password do not match.')
  await expect(page.getByRole('textbox', { name: 'Username' })).toHaveValue(portal.operator.username)
  await expect(page.getByLabel('Password', { exact: true })).toHaveValue('')
  await expect(page.getByLabel('Password', { exact: true })).toBeFocused()
  await fillSignIn(page, portal.operator)
  await expect(page).toHaveURL('/settings/users')
  await expect(page.getByRole('heading', { name: 'Users' })).toBeVisible()
})

test('the form works with the keyboard alone', async ({ page, portal }) => {
  await page.goto('/')
  await expect(page.getByRole('textbox', { name: 'Username' })).toBeFocused()
  await page.keyboard.type(portal.operator.username)
  await page.keyboard.press('Tab')
  await page.keyboard.type(portal.operator.password)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible()
})

test('a reload and a second tab keep the session', async ({ page, context, portal }) => {
  await signIn(page, portal.operator)
  await page.reload()
  await expect(page).toHaveURL('/')
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible()
  const second = await context.newPage()
  await second.goto('/tenants')
  await expect(second.getByRole('heading', { name: 'Tenants', level: 1 })).toBeVisible()
})

test('signing out ends both ends: going back, another tab and a new visit ask for the password', async ({
  page,
  context,
  portal,
}) => {
  await signIn(page, portal.operator)
  await page.getByRole('link', { name: 'Tenants' }).click()
  await expect(page.getByRole('heading', { name: 'Tenants', level: 1 })).toBeVisible()
  const second = await context.newPage()
  await second.goto('/settings/users')
  await expect(second.getByRole('heading', { name: 'Users' })).toBeVisible()

  await page.getByRole('button', { name: /account of/ }).click()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page.getByRole('heading', { name: 'You are signed out' })).toBeVisible()

  await page.goto('/tenants')
  await expect(page).toHaveURL(FORM)
  await second.getByRole('link', { name: 'Tenants' }).click()
  await expect(second).toHaveURL(FORM)
  const answer = await context.request.get('/api/v1/me')
  expect(answer.status()).toBe(401)
})

test('the Back button after a sign-out shows nothing of the session', async ({ page, portal }) => {
  await signIn(page, portal.operator)
  await page.goto('/tenants')
  await expect(page.getByRole('heading', { name: 'Tenants', level: 1 })).toBeVisible()
  await page.getByRole('button', { name: /account of/ }).click()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page.getByRole('heading', { name: 'You are signed out' })).toBeVisible()
  // The way back goes over the provider's own pages, which cannot be used twice, to the portal's.
  for (let steps = 0; steps < 6 && new URL(page.url()).pathname !== '/tenants' && !FORM.test(page.url()); steps++)
    await page.goBack()
  await expect(page).toHaveURL(FORM)
})

test('another browser has to sign in by itself', async ({ browser, page, portal }) => {
  await signIn(page, portal.operator)
  const other = await stranger(browser, portal)
  const theirs = await other.newPage()
  await theirs.goto('/')
  await expect(theirs).toHaveURL(FORM)
  await other.close()
})
