import type { TrainingJob } from '../job/training-job.ts';

/**
 * The config file of `accelerate launch`, modelled on those that TRL 1.13 ships (`trl/accelerate_configs`). `run.sh`
 * adds a node's rank and address, which are known only at run time. Without GPUs there is one process per node.
 *
 * @returns null for a single process, which needs no config.
 */
export function accelerateConfig({ launch, resources, stages }: TrainingJob): object | null {
  if (launch === 'single') return null;
  const { gpus, nodes } = resources;
  return {
    compute_environment: 'LOCAL_MACHINE',
    ...SPREAD[launch],
    mixed_precision:
      gpus === 0 ? 'no' : stages.some(({ options }) => options.fp16 === true) ? 'fp16' : 'bf16',
    num_machines: nodes,
    num_processes: Math.max(1, gpus) * nodes,
    rdzv_backend: 'static',
    same_network: true,
    use_cpu: gpus === 0,
  };
}

const FSDP2 = {
  fsdp_version: 2,
  fsdp_auto_wrap_policy: 'TRANSFORMER_BASED_WRAP',
  fsdp_cpu_ram_efficient_loading: true,
  fsdp_reshard_after_forward: true,
  fsdp_offload_params: false,
  fsdp_activation_checkpointing: false,
  // Saves one complete model that any tool can load, not one shard per GPU.
  fsdp_state_dict_type: 'FULL_STATE_DICT',
};

const ZERO3 = {
  zero_stage: 3,
  zero3_init_flag: true,
  zero3_save_16bit_model: true,
  deepspeed_multinode_launcher: 'standard',
  offload_optimizer_device: 'none',
  offload_param_device: 'none',
};

const SPREAD: Readonly<Record<Exclude<TrainingJob['launch'], 'single'>, object>> = {
  // On CPUs too. With MULTI_CPU, accelerate 1.15 relies on MPI for the ranks; without MPI, every node would train alone.
  // MULTI_GPU starts torchrun, and the trainer's `use_cpu` makes it use gloo.
  ddp: { distributed_type: 'MULTI_GPU' },
  fsdp2: { distributed_type: 'FSDP', fsdp_config: FSDP2 },
  'fsdp2-offload': { distributed_type: 'FSDP', fsdp_config: { ...FSDP2, fsdp_offload_params: true } },
  zero3: { distributed_type: 'DEEPSPEED', deepspeed_config: ZERO3 },
  'zero3-offload': {
    distributed_type: 'DEEPSPEED',
    deepspeed_config: { ...ZERO3, offload_optimizer_device: 'cpu', offload_param_device: 'cpu' },
  },
};
