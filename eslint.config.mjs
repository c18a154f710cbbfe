import eslint from '@eslint/js';
import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

/** Which kinds of project a kind may import from; the arrows of docs/architecture.md. Nothing imports an app. */
const mayImport = {
  'type:pure': ['type:pure'],
  'type:io': ['type:io', 'type:pure'],
  'type:core': ['type:pure'],
  'type:adapter': ['type:core', 'type:io', 'type:pure'],
  'type:app': ['type:core', 'type:io', 'type:pure', 'type:adapter'],
  'type:tool': ['type:core', 'type:io', 'type:pure', 'type:adapter', 'type:tool'],
  'type:e2e': ['type:core', 'type:io', 'type:pure', 'type:adapter', 'type:tool'],
  'type:image': [],
};

/** Ways to a shell string: `exec`, `{ shell: … }`, and imports of child_process that the other rules do not see. */
const shellStrings = [
  [
    'Property[key.name="shell"][value.value!=false], Property[key.value="shell"][value.value!=false]',
    'A program gets an array of arguments and no shell.',
  ],
  [
    'ImportDeclaration[source.value=/^(node:)?child_process$/] > :not(ImportSpecifier, Literal, ImportAttribute)',
    'Import the functions of child_process by name.',
  ],
  [
    'ImportDeclaration[source.value=/^(node:)?child_process$/] > ImportSpecifier[imported.name=/^exec(Sync)?$/]',
    'exec takes a shell string; spawn takes an array of arguments.',
  ],
  [
    ':matches(ImportExpression[source.value=/^(node:)?child_process$/], CallExpression[callee.name="require"][arguments.0.value=/^(node:)?child_process$/], TSImportEqualsDeclaration TSExternalModuleReference[expression.value=/^(node:)?child_process$/])',
    'Import the functions of child_process by name, at the top of the file.',
  ],
].map(([selector, message]) => ({ selector, message }));

export default tseslint.config(
  {
    ignores: [
      '**/dist',
      '**/node_modules',
      '**/.nx',
      '**/tmp',
      '**/.berth',
      '**/files/**',
      '**/modules/**',
      '**/compiled/**',
    ],
  },
  eslint.configs.recommended,
  ...tseslint.configs.recommended,
  prettier,
  {
    files: ['**/*.{ts,tsx,mjs,cjs,js}'],
    plugins: { '@nx': nx },
    languageOptions: {
      globals: { process: 'readonly', console: 'readonly', Buffer: 'readonly', URL: 'readonly' },
    },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          enforceBuildableLibDependency: false,
          // Belongs to no project: it is what every project's Jest configuration starts from.
          allow: ['../../jest.preset.cjs', '../jest.preset.cjs'],
          depConstraints: Object.entries(mayImport).map(([sourceTag, onlyDependOnLibsWithTags]) => ({
            sourceTag,
            onlyDependOnLibsWithTags,
          })),
        },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-restricted-syntax': ['error', ...shellStrings],
      'no-restricted-imports': [
        'error',
        {
          paths: [
            { name: 'child_process' },
            { name: 'node:child_process', message: 'Run programs through @berth/exec.' },
          ],
        },
      ],
    },
  },
  {
    // The only place that starts programs, and what must run before the packages are installed.
    files: ['libs/exec/src/**', 'tools/workbench/bin/*.mjs', 'docker/**/*.mjs', '**/*.spec.ts'],
    rules: { 'no-restricted-imports': 'off' },
  },
  {
    files: ['**/*.{cjs,mjs,js}'],
    languageOptions: {
      globals: {
        module: 'writable',
        require: 'readonly',
        __dirname: 'readonly',
        fetch: 'readonly',
        setTimeout: 'readonly',
      },
    },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
);
