import org.apache.flink.api.common.Plan;
import org.apache.flink.api.common.functions.*;
import org.apache.flink.api.common.operators.Order;
import org.apache.flink.api.java.*;
import org.apache.flink.api.java.aggregation.Aggregations;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.api.java.io.DiscardingOutputFormat;
import org.apache.flink.api.java.operators.*;
import org.apache.flink.api.java.tuple.*;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.optimizer.*;
import org.apache.flink.optimizer.plan.OptimizedPlan;
import org.apache.flink.optimizer.plantranslate.JobGraphGenerator;
import org.apache.flink.runtime.jobgraph.*;
import org.apache.flink.runtime.jobgraph.jsonplan.JsonPlanGenerator;
import org.apache.flink.util.Collector;
import java.nio.file.*;
import java.util.*;
import java.util.function.Consumer;

public class RecordPlans {
  static class Env extends ExecutionEnvironment {
    String json;
    public org.apache.flink.api.common.JobExecutionResult execute(String name) {
      Plan plan = createProgramPlan(name);
      OptimizedPlan op = new Optimizer(new DataStatistics(), new Configuration()).compile(plan);
      JobGraph graph = new JobGraphGenerator(new Configuration()).compileJobGraph(op);
      StringBuilder names = new StringBuilder();
      for (JobVertex v : graph.getVertices()) {
        if (names.length() > 0) names.append(",\n");
        names.append("    \"").append(v.getID()).append("\": \"").append(v.getName().replace("\\", "\\\\").replace("\"", "\\\"")).append("\"");
      }
      json = "{\n  \"vertexNames\": {\n" + names + "\n  },\n  \"plan\": " + JsonPlanGenerator.generatePlan(graph) + "\n}\n";
      throw new Recorded();
    }
    public String getExecutionPlan() { return null; }
    public void startNewSession() {}
  }
  static class Recorded extends RuntimeException {}
  interface Program { void run(ExecutionEnvironment env) throws Exception; }
  static final Map<String, Program> programs = new LinkedHashMap<>();

  static DataSource<Tuple2<String, Integer>> pairs(ExecutionEnvironment env) {
    return env.fromElements(new Tuple2<>("a", 1), new Tuple2<>("b", 2));
  }
  static class Tokenizer implements FlatMapFunction<String, Tuple2<String, Integer>> {
    public void flatMap(String v, Collector<Tuple2<String, Integer>> out) { out.collect(new Tuple2<>(v, 1)); }
  }
  static class Same implements MapFunction<Tuple2<String, Integer>, Tuple2<String, Integer>> {
    public Tuple2<String, Integer> map(Tuple2<String, Integer> v) { return v; }
  }
  static class Positive implements FilterFunction<Tuple2<String, Integer>> {
    public boolean filter(Tuple2<String, Integer> v) { return v.f1 > 0; }
  }
  static class ByWord implements KeySelector<Tuple2<String, Integer>, String> {
    public String getKey(Tuple2<String, Integer> v) { return v.f0; }
  }
  static class Add implements ReduceFunction<Tuple2<String, Integer>> {
    public Tuple2<String, Integer> reduce(Tuple2<String, Integer> a, Tuple2<String, Integer> b) { return new Tuple2<>(a.f0, a.f1 + b.f1); }
  }
  static class AddGroup implements GroupReduceFunction<Tuple2<String, Integer>, Tuple2<String, Integer>> {
    public void reduce(Iterable<Tuple2<String, Integer>> in, Collector<Tuple2<String, Integer>> out) { for (Tuple2<String, Integer> v : in) out.collect(v); }
  }
  static class CombinableAddGroup extends AddGroup implements GroupCombineFunction<Tuple2<String, Integer>, Tuple2<String, Integer>> {
    public void combine(Iterable<Tuple2<String, Integer>> in, Collector<Tuple2<String, Integer>> out) { for (Tuple2<String, Integer> v : in) out.collect(v); }
  }
  static class Partition implements MapPartitionFunction<Tuple2<String, Integer>, Tuple2<String, Integer>> {
    public void mapPartition(Iterable<Tuple2<String, Integer>> in, Collector<Tuple2<String, Integer>> out) { for (Tuple2<String, Integer> v : in) out.collect(v); }
  }
  static class Joiner implements JoinFunction<Tuple2<String, Integer>, Tuple2<String, Integer>, Tuple2<String, Integer>> {
    public Tuple2<String, Integer> join(Tuple2<String, Integer> a, Tuple2<String, Integer> b) { return a; }
  }
  public static class Word { public String word; public int count; public Word() {} public Word(String w, int c) { word = w; count = c; } }

  public static void main(String[] args) throws Exception {
    programs.put("word-count", e -> e.fromElements("to be", "or not").flatMap(new Tokenizer()).groupBy(0).sum(1).print());
    programs.put("word-count-files", e -> { e.readTextFile("/tmp/in.txt").flatMap(new Tokenizer()).groupBy(0).sum(1).writeAsCsv("/tmp/out.csv", "\n", " "); e.execute(); });
    programs.put("map-filter-collect", e -> pairs(e).map(new Same()).filter(new Positive()).collect());
    programs.put("source-collect", e -> pairs(e).collect());
    programs.put("count", e -> pairs(e).map(new Same()).count());
    programs.put("map-partition", e -> pairs(e).mapPartition(new Partition()).collect());
    programs.put("aggregate-two", e -> pairs(e).map(new Same()).groupBy(0).aggregate(Aggregations.SUM, 1).and(Aggregations.MAX, 1).collect());
    programs.put("aggregate-all", e -> pairs(e).map(new Same()).sum(1).collect());
    programs.put("grouped-max", e -> pairs(e).groupBy(0).max(1).collect());
    programs.put("reduce-field", e -> pairs(e).map(new Same()).groupBy(0).reduce(new Add()).collect());
    programs.put("reduce-selector", e -> pairs(e).map(new Same()).groupBy(new ByWord()).reduce(new Add()).collect());
    programs.put("reduce-pojo", e -> e.fromElements(new Word("a", 1), new Word("b", 1)).groupBy("word").reduce((a, b) -> a).collect());
    programs.put("reduce-all", e -> pairs(e).map(new Same()).reduce(new Add()).collect());
    programs.put("reduce-group-field", e -> pairs(e).map(new Same()).groupBy(0).reduceGroup(new AddGroup()).collect());
    programs.put("reduce-group-selector", e -> pairs(e).map(new Same()).groupBy(new ByWord()).reduceGroup(new AddGroup()).collect());
    programs.put("reduce-group-combinable", e -> pairs(e).map(new Same()).groupBy(0).reduceGroup(new CombinableAddGroup()).collect());
    programs.put("reduce-group-all", e -> pairs(e).map(new Same()).reduceGroup(new AddGroup()).collect());
    programs.put("combine-group-field", e -> pairs(e).map(new Same()).groupBy(0).combineGroup(new CombinableAddGroup()).collect());
    programs.put("sort-group-first", e -> pairs(e).map(new Same()).groupBy(0).sortGroup(1, Order.DESCENDING).first(3).collect());
    programs.put("distinct-all", e -> pairs(e).map(new Same()).distinct().collect());
    programs.put("distinct-field", e -> pairs(e).map(new Same()).distinct(0).collect());
    programs.put("distinct-selector", e -> pairs(e).map(new Same()).distinct(new ByWord()).collect());
    programs.put("distinct-strings", e -> e.fromElements("a", "b").distinct().collect());
    programs.put("join-fields", e -> pairs(e).map(new Same()).join(pairs(e).filter(new Positive())).where(0).equalTo(0).with(new Joiner()).collect());
    programs.put("join-default", e -> pairs(e).join(pairs(e)).where(0).equalTo(0).collect());
    programs.put("join-selectors", e -> pairs(e).map(new Same()).join(pairs(e)).where(new ByWord()).equalTo(new ByWord()).with(new Joiner()).collect());
    programs.put("join-then-reduce", e -> pairs(e).map(new Same()).join(pairs(e)).where(0).equalTo(0).with(new Joiner()).groupBy(0).reduce(new Add()).collect());
    programs.put("join-self", e -> { DataSet<Tuple2<String, Integer>> m = pairs(e).map(new Same()); m.join(m.filter(new Positive())).where(0).equalTo(0).with(new Joiner()).collect(); });
    programs.put("union-map", e -> pairs(e).map(new Same()).union(pairs(e)).map(new Same()).collect());
    programs.put("union-three", e -> pairs(e).union(pairs(e)).union(pairs(e).map(new Same())).collect());
    programs.put("union-group", e -> pairs(e).map(new Same()).union(pairs(e)).groupBy(0).sum(1).collect());
    programs.put("first-all", e -> pairs(e).map(new Same()).first(3).collect());
    programs.put("first-grouped", e -> pairs(e).map(new Same()).groupBy(0).first(3).collect());
    programs.put("project", e -> pairs(e).project(1, 0).collect());
    programs.put("group-twice", e -> pairs(e).groupBy(0).sum(1).groupBy(0).sum(1).collect());
    programs.put("group-map-group", e -> pairs(e).groupBy(0).sum(1).map(new Same()).groupBy(1).reduce(new Add()).map(new Same()).collect());
    programs.put("reduce-map-collect", e -> pairs(e).groupBy(0).reduce(new Add()).map(new Same()).filter(new Positive()).collect());
    programs.put("reduce-reduce", e -> pairs(e).groupBy(0).reduce(new Add()).groupBy(0).reduce(new Add()).collect());
    programs.put("two-sinks", e -> { DataSet<Tuple2<String, Integer>> m = pairs(e).map(new Same()); m.filter(new Positive()).output(new DiscardingOutputFormat<>()); m.groupBy(0).sum(1).output(new DiscardingOutputFormat<>()); e.execute(); });
    programs.put("names", e -> { pairs(e).name("my source").map(new Same()).name("my <map> & co").groupBy(0).sum(1).name("my sum").output(new DiscardingOutputFormat<>()).name("my sink"); e.execute(); });
    programs.put("parallelism-change", e -> { pairs(e).map(new Same()).setParallelism(2).filter(new Positive()).setParallelism(3).output(new DiscardingOutputFormat<>()).setParallelism(1); e.execute(); });
    programs.put("sequence", e -> e.generateSequence(1, 10).map(v -> v).returns(Long.class).filter(v -> v > 3).collect());
    programs.put("rebalance", e -> pairs(e).map(new Same()).rebalance().map(new Same()).collect());
    programs.put("partition-hash", e -> pairs(e).map(new Same()).partitionByHash(0).mapPartition(new Partition()).collect());
    programs.put("partition-hash-reduce", e -> pairs(e).map(new Same()).partitionByHash(0).groupBy(0).reduce(new Add()).collect());
    programs.put("sort-partition", e -> pairs(e).map(new Same()).sortPartition(1, Order.DESCENDING).collect());
    programs.put("sort-partition-one", e -> pairs(e).map(new Same()).sortPartition(1, Order.ASCENDING).setParallelism(1).first(2).collect());
    programs.put("print-task-managers", e -> { pairs(e).printOnTaskManager("prefix"); e.execute(); });
    programs.put("write-text", e -> { pairs(e).writeAsText("/tmp/out.txt"); e.execute(); });
    programs.put("min-by", e -> pairs(e).groupBy(0).minBy(1).collect());
    programs.put("read-text-count", e -> e.readTextFile("/tmp/in.txt").count());
    programs.put("cogroup", e -> pairs(e).coGroup(pairs(e).map(new Same())).where(0).equalTo(0).with(new CoGroupFunction<Tuple2<String, Integer>, Tuple2<String, Integer>, String>() { public void coGroup(Iterable<Tuple2<String, Integer>> a, Iterable<Tuple2<String, Integer>> b, Collector<String> o) {} }).collect());
    programs.put("cross", e -> pairs(e).cross(pairs(e).map(new Same())).collect());
    programs.put("left-outer-join", e -> pairs(e).leftOuterJoin(pairs(e).map(new Same())).where(0).equalTo(0).with(new Joiner()).collect());
    programs.put("right-outer-join", e -> pairs(e).rightOuterJoin(pairs(e).map(new Same())).where(0).equalTo(0).with(new Joiner()).collect());
    programs.put("full-outer-join", e -> pairs(e).fullOuterJoin(pairs(e).map(new Same())).where(0).equalTo(0).with(new Joiner()).collect());

    programs.put("filter-map", e -> pairs(e).filter(new Positive()).map(new Same()).collect());
    programs.put("filter-sum", e -> pairs(e).filter(new Positive()).groupBy(0).sum(1).collect());
    programs.put("filter-reduce-map", e -> pairs(e).filter(new Positive()).groupBy(0).reduce(new Add()).map(new Same()).collect());
    programs.put("filter-union", e -> pairs(e).filter(new Positive()).union(pairs(e)).collect());
    programs.put("filter-join-filter", e -> pairs(e).filter(new Positive()).join(pairs(e).filter(new Positive())).where(0).equalTo(0).with(new Joiner()).collect());
    programs.put("sum-filter-sum", e -> pairs(e).groupBy(0).sum(1).filter(new Positive()).groupBy(0).sum(1).collect());
    programs.put("sum-distinct-field", e -> pairs(e).groupBy(0).sum(1).distinct(0).collect());
    programs.put("sum-join", e -> pairs(e).groupBy(0).sum(1).join(pairs(e).groupBy(0).max(1)).where(0).equalTo(0).with(new Joiner()).collect());
    programs.put("sum-join-one-side", e -> pairs(e).groupBy(0).sum(1).join(pairs(e)).where(0).equalTo(0).with(new Joiner()).collect());
    programs.put("sum-group-reduce", e -> pairs(e).groupBy(0).sum(1).groupBy(0).reduceGroup(new AddGroup()).collect());
    programs.put("parallel-aggregate-all", e -> pairs(e).map(new Same()).setParallelism(2).sum(1).collect());
    programs.put("parallel-reduce-all", e -> pairs(e).map(new Same()).setParallelism(2).reduce(new Add()).collect());
    programs.put("parallel-first-all", e -> pairs(e).map(new Same()).setParallelism(2).first(2).collect());
    programs.put("parallel-group-all", e -> pairs(e).map(new Same()).setParallelism(2).reduceGroup(new AddGroup()).map(new Same()).collect());
    programs.put("parallel-distinct", e -> pairs(e).map(new Same()).setParallelism(2).distinct(0).collect());
    programs.put("parallel-join", e -> pairs(e).map(new Same()).setParallelism(2).join(pairs(e).map(new Same()).setParallelism(2)).where(0).equalTo(0).with(new Joiner()).map(new Same()).collect());
    programs.put("parallel-union", e -> pairs(e).map(new Same()).setParallelism(2).union(pairs(e).map(new Same()).setParallelism(2)).map(new Same()).collect());
    programs.put("parallel-project", e -> pairs(e).map(new Same()).setParallelism(2).project(0).collect());
    programs.put("reduce-parallelism", e -> pairs(e).groupBy(0).reduce(new Add()).setParallelism(3).map(new Same()).collect());
    programs.put("sum-parallelism-sum", e -> pairs(e).groupBy(0).sum(1).setParallelism(3).groupBy(0).sum(1).setParallelism(4).collect());
    programs.put("project-sum", e -> pairs(e).groupBy(0).sum(1).project(1, 0).groupBy(1).sum(0).collect());
    programs.put("distinct-distinct", e -> pairs(e).distinct().distinct(0).collect());
    programs.put("union-twice-used", e -> { DataSet<Tuple2<String, Integer>> u = pairs(e).map(new Same()).union(pairs(e)); u.groupBy(0).sum(1).output(new DiscardingOutputFormat<>()); u.map(new Same()).output(new DiscardingOutputFormat<>()); e.execute(); });
    programs.put("union-self", e -> { DataSet<Tuple2<String, Integer>> m = pairs(e).map(new Same()); m.union(m.filter(new Positive())).collect(); });
    programs.put("join-self-three", e -> { DataSet<Tuple2<String, Integer>> m = pairs(e).map(new Same()); m.output(new DiscardingOutputFormat<>()); m.map(new Same()).join(m.filter(new Positive())).where(0).equalTo(0).with(new Joiner()).output(new DiscardingOutputFormat<>()); e.execute(); });
    programs.put("join-mixed-keys", e -> pairs(e).join(pairs(e)).where(0).equalTo(new ByWord()).with(new Joiner()).collect());
    programs.put("join-union", e -> pairs(e).union(pairs(e).map(new Same())).join(pairs(e)).where(0).equalTo(0).with(new Joiner()).collect());
    programs.put("join-after-sum", e -> pairs(e).map(new Same()).join(pairs(e).groupBy(0).sum(1)).where(0).equalTo(0).with(new Joiner()).collect());
    programs.put("named-reduce-selector", e -> pairs(e).groupBy(new ByWord()).reduce(new Add()).name("adder").setParallelism(2).map(new Same()).collect());
    programs.put("join-default-sum", e -> pairs(e).join(pairs(e)).where(0).equalTo(0).map(v -> v.f0).returns(new org.apache.flink.api.common.typeinfo.TypeHint<Tuple2<String, Integer>>() {}).groupBy(0).sum(1).collect());
    programs.put("two-actions-shared", e -> { DataSet<Tuple2<String, Integer>> m = pairs(e).groupBy(0).sum(1); m.output(new DiscardingOutputFormat<>()); m.map(new Same()).output(new DiscardingOutputFormat<>()); e.execute(); });
    programs.put("group-sort-reduce", e -> pairs(e).groupBy(0).sortGroup(1, Order.ASCENDING).reduceGroup(new AddGroup()).collect());
    Path out = Paths.get(args[0]);
    Files.createDirectories(out);
    for (Map.Entry<String, Program> p : programs.entrySet()) for (int parallelism = 1; parallelism <= 2; parallelism++) {
      Env env = new Env(); env.setParallelism(parallelism);
      try { p.getValue().run(env); } catch (Recorded r) {} catch (Throwable t) { System.err.println(p.getKey() + " p" + parallelism + ": " + t); }
      if (env.json != null) Files.write(out.resolve(p.getKey() + "-p" + parallelism + ".json"), env.json.getBytes("UTF-8"));
    }
  }
}
