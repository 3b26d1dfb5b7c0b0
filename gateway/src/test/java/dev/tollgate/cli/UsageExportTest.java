package dev.tollgate.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollgate.cli.UsageExport.Line;
import dev.tollgate.cli.UsageExport.Sums;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UsageExportTest {
    @TempDir
    private Path folder;

    @Test
    void plainColumns_areSummedByDayAndModel() throws IOException {
        UsageExport export = read("""
                day,model,input_tokens,output_tokens,cost
                2026-11-20,"gpt-4o",100,10,0.5
                2026-11-20,gpt-4o-2024-08-06,1,2,$0.000000001

                2026-11-21,"a ""b"", c",3,4,
                """);

        assertThat(export.sums())
                .isEqualTo(Map.of(
                        new Line("2026-11-20", "gpt-4o"), new Sums(101, 12, 500_000_001),
                        new Line("2026-11-21", "a \"b\""), new Sums(3, 4, 0)));
        assertThat(export.tellsTokens() && export.tellsCost()).isTrue();
    }

    @Test
    void openAisUsageAndCosts_areUnderstood() throws IOException {
        UsageExport usage = read("""
                start_time,end_time,start_time_iso,model,num_model_requests,input_tokens,output_tokens,input_cached_tokens
                1763683200,1763769600,2025-11-21T00:00:00+00:00,gpt-5-2025-08-07,3,100,50,20
                """);
        UsageExport costs = read("""
                start_time,end_time,amount_value,amount_currency,line_item
                1763683200,1763769600,0.25,usd,"gpt-5-2025-08-07, input"
                1763683200,1763769600,0.75,usd,"gpt-5-2025-08-07, output"
                """);

        assertThat(usage.sums()).isEqualTo(Map.of(new Line("2025-11-21", "gpt-5"), new Sums(100, 50, 0)));
        assertThat(usage.tellsCost()).isFalse();
        assertThat(costs.sums()).isEqualTo(Map.of(new Line("2025-11-21", "gpt-5"), new Sums(0, 0, 1_000_000_000)));
        assertThat(costs.tellsTokens()).isFalse();
    }

    @Test
    void anthropicsUsage_addsUpWhatTheCacheHad() throws IOException {
        UsageExport usage = read("""
                usage_date_utc,model_version,api_key,usage_input_tokens_no_cache,usage_input_tokens_cache_write_5m,\
                usage_input_tokens_cache_write_1h,usage_input_tokens_cache_read,usage_output_tokens
                2026-11-21,claude-haiku-4-5-20251001,k,1,20,300,4000,50
                """);

        assertThat(usage.sums()).isEqualTo(Map.of(new Line("2026-11-21", "claude-haiku-4-5"), new Sums(4321, 50, 0)));
    }

    @Test
    void deepSeeksAmountsAndCosts_areUnderstood_inBothFormsOfTheirDays() throws IOException {
        UsageExport amounts = read("""
                user_id,start_time_iso,end_time_iso,model,api_key_name,api_key,type,price,amount
                u,2026-11-20T00:00:00+00:00,2026-11-21T00:00:00+00:00,deepseek-chat,a,k,request_count,,7
                u,2026-11-20T00:00:00+00:00,2026-11-21T00:00:00+00:00,deepseek-chat,a,k,input_cache_hit_tokens,0.1,400
                u,2026-11-20T00:00:00+00:00,2026-11-21T00:00:00+00:00,deepseek-chat,b,k,input_cache_miss_tokens,0.2,30
                u,2026-11-20T00:00:00+00:00,2026-11-21T00:00:00+00:00,deepseek-chat,a,k,output_tokens,0.3,2
                """);
        UsageExport older = read("""
                user_id,utc_date,model,api_key_name,api_key,type,price,amount
                u,20261120,deepseek-reasoner,a,k,output_tokens,0.3,5
                """);
        UsageExport costs = read("""
                user_id,utc_date,model,wallet_type,cost,currency
                u,2026-11-20,deepseek-chat,Paid,0.25,USD
                u,2026-11-20,deepseek-chat,Granted,0.5,USD
                """);

        assertThat(amounts.sums()).isEqualTo(Map.of(new Line("2026-11-20", "deepseek-chat"), new Sums(430, 2, 0)));
        assertThat(amounts.tellsTokens()).isTrue();
        assertThat(amounts.tellsCost())
                .as("its prices are of no named currency")
                .isFalse();
        assertThat(older.sums()).isEqualTo(Map.of(new Line("2026-11-20", "deepseek-reasoner"), new Sums(0, 5, 0)));
        assertThat(costs.sums())
                .isEqualTo(Map.of(new Line("2026-11-20", "deepseek-chat"), new Sums(0, 0, 750_000_000)));
        assertThat(costs.tellsTokens()).isFalse();
        assertThatThrownBy(() -> read("utc_date,model,type,price,amount\n20261120,m,video_tokens,1,2\n"))
                .hasMessageContaining("row 2", "video_tokens");
    }

    @Test
    void openAisCostsByProject_areSummedByDay() throws IOException {
        UsageExport costs = read("""
                start_time,end_time,start_time_iso,end_time_iso,amount_value,amount_currency,project_id,project_name
                1763683200,1763769600,2025-11-21T00:00:00+00:00,2025-11-22T00:00:00+00:00,0.25,usd,proj_a,a
                1763683200,1763769600,2025-11-21T00:00:00+00:00,2025-11-22T00:00:00+00:00,0.5,usd,proj_b,b
                1763769600,1763856000,2025-11-22T00:00:00+00:00,2025-11-23T00:00:00+00:00,,,,
                """);

        assertThat(costs.sums())
                .isEqualTo(Map.of(new Line("2025-11-21", UsageExport.ALL_MODELS), new Sums(0, 0, 750_000_000)));
        assertThat(costs.tellsModels()).isFalse();
        assertThatThrownBy(() -> read("day,model,cost,currency\n2026-11-21,m,1,eur\n"))
                .hasMessageContaining("only dollars are compared");
    }

    @Test
    void anthropicsCosts_nameModelsForPeople() throws IOException {
        UsageExport costs = read("""
                usage_date_utc,model,workspace,api_key,usage_type,context_window,token_type,cost_usd,list_price_usd,cost_type,inference_geo,speed
                2026-08-04,Claude Haiku 4.5,Default,k,message,≤ 200k,input_no_cache,0.05,0.05,token,global,
                2026-08-04,Claude Haiku 4.5,Default,k,message,≤ 200k,output,0.02,0.02,token,global,
                2026-08-04,Claude Sonnet 4,Default,k,message,≤ 200k,output,0.01,0.01,token,global,
                """);

        assertThat(costs.sums())
                .isEqualTo(Map.of(
                        new Line("2026-08-04", UsageExport.plainName("anthropic/claude-haiku-4-5-20251001")),
                                new Sums(0, 0, 70_000_000),
                        new Line("2026-08-04", UsageExport.plainName("claude-sonnet-4-20250514")),
                                new Sums(0, 0, 10_000_000)));
        assertThat(UsageExport.plainName("Claude Haiku 3.5"))
                .isEqualTo(UsageExport.plainName("claude-3-5-haiku-20241022"))
                .isEqualTo("claude-haiku-3-5");
        assertThat(UsageExport.plainName("gpt-4.1-2025-04-14")).isEqualTo("gpt-4.1");
    }

    @Test
    void file_thatIsNotUnderstood_isNamedWithItsRow() {
        assertThatThrownBy(() -> read("when,who\n1,2\n")).hasMessageContaining("the first line names no day");
        assertThatThrownBy(() -> read("day,model,cost\n2026-11-21,m,1\nyesterday,m,1\n"))
                .hasMessageContaining("row 3 is not understood");
    }

    private UsageExport read(String csv) throws IOException {
        Path file = folder.resolve("usage.csv");
        Files.writeString(file, csv);
        return UsageExport.read(file);
    }
}
