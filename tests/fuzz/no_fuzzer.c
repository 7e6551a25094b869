// The build script reads specs with the same crates as the targets, and has no fuzzer that could be told where they go.
void __sanitizer_cov_8bit_counters_init(char *start, char *end) {}
void __sanitizer_cov_pcs_init(const unsigned long *start, const unsigned long *end) {}
void __sanitizer_cov_trace_pc_indir(unsigned long callee) {}
void __sanitizer_cov_trace_cmp1(unsigned char a, unsigned char b) {}
void __sanitizer_cov_trace_cmp2(unsigned short a, unsigned short b) {}
void __sanitizer_cov_trace_cmp4(unsigned a, unsigned b) {}
void __sanitizer_cov_trace_cmp8(unsigned long a, unsigned long b) {}
void __sanitizer_cov_trace_const_cmp1(unsigned char a, unsigned char b) {}
void __sanitizer_cov_trace_const_cmp2(unsigned short a, unsigned short b) {}
void __sanitizer_cov_trace_const_cmp4(unsigned a, unsigned b) {}
void __sanitizer_cov_trace_const_cmp8(unsigned long a, unsigned long b) {}
void __sanitizer_cov_trace_switch(unsigned long value, unsigned long *cases) {}
__thread unsigned long __sancov_lowest_stack;
