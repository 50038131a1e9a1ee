// The architecture, as lint: what may import what, and how long a thing may get.
import withNuxt from './.nuxt/eslint.config.mjs'

// Node 20 lacks it and a dependency of the linter calls it.
Object.groupBy ??= (items, keyOf) => {
  const groups = Object.create(null)
  for (const item of items) (groups[keyOf(item)] ??= []).push(item)
  return groups
}

const framework = ['h3', 'nitropack', 'nitropack/*', 'nuxt', 'nuxt/*', '#imports', '#app', '#app/*', 'vue', 'ofetch']
const outsideWorld = ['node:dns', 'node:dns/*', 'node:tls', 'node:http', 'node:https', 'undici']
const behindDoors = {
  group: ['#server/services/*/*', '!#server/services/checks/collectors/contract'],
  message: 'Import a service by its door: #server/services/<area>.',
}

export default withNuxt(
  { ignores: ['.nuxt/**', '.output/**', 'data/**', 'drizzle/migrations/**'] },
  {
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'off',
      'vue/multi-word-component-names': 'off',
      'vue/html-self-closing': 'off',
      'vue/require-default-prop': 'off',
      'vue/no-multiple-template-root': 'off',
      'import/consistent-type-specifier-style': 'off',
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      'max-params': ['error', 4],
    },
  },
  {
    files: ['server/services/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [
            { name: 'node:net', allowImportNames: ['isIP', 'isIPv4', 'isIPv6'], message: 'The outside world comes through ctx.' },
          ],
          patterns: [
            { group: framework, message: 'Services know no framework.' },
            { group: outsideWorld, message: 'The outside world comes through ctx.' },
            behindDoors,
          ],
        },
      ],
      'no-restricted-globals': ['error', { name: 'fetch', message: 'Use ctx.http.' }],
      'no-restricted-syntax': [
        'error',
        { selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']", message: 'Use ctx.now().' },
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Use ctx.now().' },
        { selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']", message: 'Use ctx.random().' },
      ],
    },
  },
  {
    files: ['server/services/**/*.ts'],
    ignores: ['server/services/**/{store,read}*.ts', 'server/services/**/{store,read}/**', '**/*.test.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            { group: ['drizzle-orm', 'drizzle-orm/*', '#drizzle/schema/*'], message: 'SQL lives in store.ts or read.ts.' },
          ],
        },
      ],
    },
  },
  {
    files: ['server/{api,routes,tasks,plugins,middleware,http}/**/*.ts', 'scripts/**/*.ts', 'bench/**/*.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: [behindDoors] }] },
  },
  {
    files: ['pages/**', 'components/**', 'layouts/**', 'composables/**', 'plugins/**', 'middleware/**'],
    ignores: ['composables/api.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        { name: '$fetch', message: 'Use api() of composables/api.ts.' },
        { name: 'fetch', message: 'Use api() of composables/api.ts.' },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'CallExpression[callee.name=/^(\\$fetch|fetch|useFetch|useAsyncData|useLazyFetch)$/]',
          message: 'vue-query over api() is the only data cache.',
        },
      ],
    },
  },
  {
    files: ['**/*.test.ts', 'tests/**/*.ts', 'world/**/*.ts', 'bench/**/*.ts'],
    rules: {
      'max-params': 'off',
      'max-lines-per-function': 'off',
      'max-lines': ['error', { max: 500, skipBlankLines: true, skipComments: true }],
    },
  },
)
