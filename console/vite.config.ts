import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  // The assets have the only path that the gateway serves below the page.
  build: {
    outDir: '../dist/page',
    assetsDir: 'console/assets',
    emptyOutDir: true,
    // Says which files each page loads.
    manifest: 'manifest.json',
    // Packages that the page contains require their licenses beside it.
    license: { fileName: 'licenses.md' },
    target: 'es2024',
    // Those that know `light-dark()`.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // A strict policy allows no data in styles.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { chunkFileNames: nameChunk } },
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
});

/** Names the code of a page by the page: all of their files are called `page.tsx`. */
function nameChunk({ facadeModuleId }: { readonly facadeModuleId: string | null }): string {
  const page = /\/pages\/([^/]+)\/page\.tsx$/.exec(facadeModuleId ?? '')?.[1];
  return `console/assets/${page ?? '[name]'}-[hash].js`;
}
