import type { EcsSettings, Resources, Service } from '@berth/model';

/** MiB that Service Connect's proxy takes of a task at least (Amazon ECS Developer Guide, "Service Connect considerations"). */
const PROXY_MEMORY = 64;
/** MiB of the containers that stand beside those of the service. */
export const BESIDE_MEMORY = 16;

/** CPU units (1024 a core) by the memory in MiB that Fargate gives with them (Developer Guide, "Task CPU and memory"). */
const FARGATE_SIZES: readonly { cpu: number; memory: readonly number[] }[] = [
  { cpu: 256, memory: [512, 1024, 2048] },
  { cpu: 512, memory: steps(1024, 4096, 1024) },
  { cpu: 1024, memory: steps(2048, 8192, 1024) },
  { cpu: 2048, memory: steps(4096, 16384, 1024) },
  { cpu: 4096, memory: steps(8192, 30720, 1024) },
  { cpu: 8192, memory: steps(16384, 61440, 4096) },
  { cpu: 16384, memory: steps(32768, 122880, 8192) },
];

export interface TaskSize {
  /** CPU units. */
  cpu: number;
  /** MiB. */
  memory: number;
}

/** CPU units of a quantity: `100m` → 103, `0.5` → 512; never none. */
export function cpuUnits(cpu: string): number {
  const cores = cpu.endsWith('m') ? Number(cpu.slice(0, -1)) / 1000 : Number(cpu);
  return Math.max(1, Math.ceil(cores * 1024));
}

const bytes: Readonly<Record<string, number>> = {
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
};

/** MiB of a quantity, rounded up: `128Mi` → 128, `1G` → 954. Docker gives no container less than 6. */
export function mebibytes(memory: string): number {
  const [, number, unit = 'Mi'] = /^([0-9]+)(.+)$/.exec(memory) ?? [];
  return Math.max(6, Math.ceil((Number(number) * (bytes[unit] ?? 1)) / 2 ** 20));
}

/**
 * What a task needs in all: on Fargate the smallest size that holds it, on EC2 just that.
 * @param beside containers that stand beside those of the service
 * @returns undefined when Fargate has none that is big enough
 */
export function taskSize(
  service: Service,
  beside: number,
  { capacity }: Pick<EcsSettings, 'capacity'>,
): TaskSize | undefined {
  const all: Resources[] = [service.resources, ...service.sidecars.map(({ resources }) => resources)];
  const cpu = all.reduce((sum, each) => sum + cpuUnits(each.cpu), 0);
  const memory =
    all.reduce((sum, each) => sum + mebibytes(each.memory), 0) + PROXY_MEMORY + beside * BESIDE_MEMORY;
  if (capacity === 'ec2') return { cpu: Math.max(cpu, 128), memory };
  for (const size of FARGATE_SIZES) {
    const fitting = size.memory.find((each) => each >= memory);
    if (size.cpu >= cpu && fitting !== undefined) return { cpu: size.cpu, memory: fitting };
  }
  return undefined;
}

function steps(first: number, last: number, step: number): number[] {
  return Array.from({ length: (last - first) / step + 1 }, (_, index) => first + index * step);
}
