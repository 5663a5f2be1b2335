/** The one direction of imports: pipeline ← streams, models ← operators ← config ← jobs ← server, cli. */
const layers = ['pipeline', 'streams', 'models', 'operators', 'config', 'jobs', 'server', 'cli'];
const may = {
  pipeline: ['pipeline'],
  streams: ['pipeline', 'streams'],
  models: ['pipeline', 'models'],
  operators: ['pipeline', 'streams', 'models', 'operators'],
  config: ['pipeline', 'operators', 'config'],
  jobs: ['pipeline', 'streams', 'models', 'operators', 'config', 'jobs'],
  server: ['pipeline', 'streams', 'models', 'operators', 'config', 'jobs', 'server'],
  cli: layers,
};

const arrows = Object.entries(may).map(([folder, allowed]) => ({
  name: `${folder}-imports-downwards`,
  severity: 'error',
  comment: `${folder}/ may import ${allowed.join(', ')} only`,
  from: { path: `^${folder}/` },
  to: { path: `^(${layers.filter((l) => !allowed.includes(l)).join('|') || 'nothing'})/` },
}));

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    ...arrows,
    {
      name: 'product-code-imports-no-tests',
      severity: 'error',
      from: { path: `^(${layers.join('|')})/` },
      to: { path: '^(tests|bench|examples|scripts)/' },
    },
    {
      name: 'pipeline-needs-only-rxjs',
      severity: 'error',
      from: { path: '^pipeline/' },
      to: { dependencyTypes: ['npm'], pathNot: 'node_modules/(rxjs|fastest-levenshtein)' },
    },
    {
      name: 'only-streams-touches-media-libraries',
      severity: 'error',
      from: { path: '^(pipeline|models|operators|config|jobs|server|cli)/' },
      to: { path: 'node_modules/(node-av|fluent-ffmpeg|node-media-server)' },
    },
    {
      name: 'only-models-touches-onnxruntime',
      severity: 'error',
      from: { path: '^(pipeline|streams|operators|config|jobs|server|cli)/' },
      to: { path: 'node_modules/onnxruntime' },
    },
    { name: 'not-resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
