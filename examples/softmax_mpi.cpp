// Softmax over a vocabulary that is spread over MPI processes: each has a piece of the row, the states travel as bytes,
// and every process writes its own probabilities. Prints a hash of their bits: the same for any number of processes.
// mpirun -n 4 softmax_mpi

#include <xact/xact.hpp>

#include <mpi.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <vector>

int main(int argc, char **argv) {
  MPI_Init(&argc, &argv);
  int rank = 0, size = 1;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &size);

  constexpr int vocabulary = 151'936;
  const auto first_of = [&](int process) { return static_cast<int>(std::int64_t{vocabulary} * process / size); };
  const int first = first_of(rank);
  std::vector<float> logits(static_cast<std::size_t>(first_of(rank + 1) - first));
  for (std::size_t i = 0; i < logits.size(); ++i)
    logits[i] = 12 * std::sin(0.7f * static_cast<float>((first + static_cast<int>(i)) % 9973));

  xact::softmax_state state;
  state.update(logits);
  std::vector<xact::softmax_state> states(static_cast<std::size_t>(size));
  MPI_Allgather(&state, sizeof state, MPI_BYTE, states.data(), sizeof state, MPI_BYTE, MPI_COMM_WORLD);
  xact::softmax_state whole;
  for (const xact::softmax_state &one : states)
    whole.merge(one);
  std::vector<float> probabilities(logits.size());
  whole.write(logits, probabilities);

  std::vector<int> counts, from;
  for (int process = 0; process < size; ++process) {
    from.push_back(first_of(process));
    counts.push_back(first_of(process + 1) - first_of(process));
  }
  std::vector<float> row(rank == 0 ? vocabulary : 0);
  MPI_Gatherv(probabilities.data(), static_cast<int>(probabilities.size()), MPI_FLOAT, row.data(), counts.data(),
              from.data(), MPI_FLOAT, 0, MPI_COMM_WORLD);
  if (rank == 0) {
    std::uint64_t hash = 0;
    double sum = 0;
    for (const float p : row) {
      std::uint32_t bits = 0;
      std::memcpy(&bits, &p, sizeof bits);
      hash = (hash ^ bits) * 0x9e3779b97f4a7c15u;
      sum += static_cast<double>(p);
    }
    std::printf("%016llx, the probabilities sum to %.9f\n", static_cast<unsigned long long>(hash), sum);
  }
  MPI_Finalize();
}
