import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const folders = ['/usr/lib/chromium', '/usr/lib64/chromium', '/usr/lib/chromium-browser', '/opt/google/chrome'];
const loaders = ['/usr/lib/x86_64-linux-gnu', '/usr/lib64', '/usr/lib', '/lib/x86_64-linux-gnu'];

/** The description of SwiftShader, the Vulkan driver without a GPU that browsers bring along; nothing where there is none. */
export function softwareVulkanDriver(): string | undefined {
  const hasLoader = loaders.some((folder) => existsSync(folder) && readdirSync(folder).includes('libvulkan.so.1'));
  const icd = folders.map((folder) => join(folder, 'vk_swiftshader_icd.json')).find((path) => existsSync(path));
  return hasLoader && process.platform === 'linux' && process.arch === 'x64' ? icd : undefined;
}
