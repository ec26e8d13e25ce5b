// Only the rules that need types or that the formatter's linter (biome.json) does not have.
import tseslint from 'typescript-eslint';

const injected = 'comes in by constructor argument; only entry files choose it';

export default tseslint.config(
  { ignores: ['**/node_modules/', '**/dist/', '**/target/', '.cache/', 'scripts/test/fixtures/', '**/*.{js,mjs}'] },
  {
    files: ['**/*.{ts,tsx}'],
    plugins: { '@typescript-eslint': tseslint.plugin },
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/only-throw-error': 'error',
    },
  },
  {
    // Time, chance and environment reach the code as arguments.
    files: ['packages/*/src/**/*.ts'],
    ignores: ['packages/cli/src/**', 'packages/*/src/**/*-worker.ts', 'packages/*/src/**/system-*.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: `The clock ${injected}.` },
        { object: 'performance', property: 'now', message: `The clock ${injected}.` },
        { object: 'Math', property: 'random', message: `Chance ${injected}.` },
        { object: 'process', property: 'env', message: `Configuration ${injected}.` },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Export by name: one name everywhere.' },
        { selector: 'TSEnumDeclaration', message: 'Const object + union type instead of enum.' },
      ],
    },
  },
);
