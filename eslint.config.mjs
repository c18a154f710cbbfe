import eslint from '@eslint/js';
import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

/** Which kinds of project a kind may import from; the arrows of docs/architecture.md. Nothing imports an app. */
const mayImport = {
  'type:pure': ['type:pure'],
  'type:io': ['type:pure'],
  'type:core': ['type:pure'],
  'type:adapter': ['type:core', 'type:io', 'type:pure'],
  'type:app': ['type:core', 'type:io', 'type:pure', 'type:adapter'],
  'type:tool': ['type:core', 'type:io', 'type:pure', 'type:adapter', 'type:tool'],
  'type:e2e': ['type:core', 'type:io', 'type:pure', 'type:adapter', 'type:tool'],
  'type:image': [],
};

export default tseslint.config(
  {
    ignores: ['**/dist', '**/node_modules', '**/.nx', '**/tmp', '**/.berth', '**/files/**', '**/modules/**'],
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
